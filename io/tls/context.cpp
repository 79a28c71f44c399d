// SPDX-License-Identifier: MIT
#include <sipring/io/tls/context.h>

#include <sipring/io/tls/certificate.h>
#include <sipring/io/tls/detail/pem.h>
#include <sipring/io/tls/detail/server_choices.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <utility>

namespace sipring {
namespace {

using Code = TlsFailureCode;

std::unexpected<TlsFailure> refuse(Code code, std::string text) {
  ERR_clear_error();
  return std::unexpected(TlsFailure{code, std::move(text)});
}

// id-kp-sipDomain alone is no purpose that OpenSSL knows, but it is SIP's own (RFC 5924).
int verify_certificate(int is_good, X509_STORE_CTX* store) {
  if (is_good != 0) return is_good;
  const bool is_purpose = X509_STORE_CTX_get_error(store) == X509_V_ERR_INVALID_PURPOSE;
  const bool is_leaf = X509_STORE_CTX_get_error_depth(store) == 0;
  if (!is_purpose || !is_leaf || !may_speak_for_sip(X509_STORE_CTX_get_current_cert(store))) {
    return 0;
  }
  X509_STORE_CTX_set_error(store, X509_V_OK);
  return 1;
}

void set_up(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // A record is written whole or not at all: our room is always large enough.
  SSL_CTX_set_mode(context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_info_callback(context, detail::count_tls_step);
  // X25519 first: 50 us cheaper a handshake than P-256.
  (void)SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384");
}

std::expected<void, TlsFailure> use_pair(TlsLibrary& library, SSL_CTX* context,
                                         const TlsMaterial& material) {
  const auto certificates = detail::read_certificates(library.context(), material.certificate);
  if (certificates.empty()) return refuse(Code::no_certificate_in_file, "no certificate is there");
  const detail::OwnedKey key = detail::read_key(library.context(), material.key);
  if (!key) return refuse(Code::no_key_in_file, "no private key is there");
  if (SSL_CTX_use_certificate(context, certificates.front().get()) != 1) {
    return std::unexpected(take_tls_failure());
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return refuse(Code::key_mismatch, "the key is another certificate's");
  }
  for (std::size_t i = 1; i < certificates.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, certificates[i].get()) != 1) {
      return std::unexpected(take_tls_failure());
    }
  }
  return {};
}

std::expected<void, TlsFailure> trust(TlsLibrary& library, SSL_CTX* context,
                                      const TlsMaterial& material) {
  if (material.authorities.empty()) {
    (void)SSL_CTX_set_default_verify_paths(context);
    ERR_clear_error();  // a machine without authorities of its own trusts nobody
    return {};
  }
  const auto authorities = detail::read_certificates(library.context(), material.authorities);
  if (authorities.empty()) return refuse(Code::bad_authorities, "no certificate is there");
  for (const auto& authority : authorities) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get()) != 1 ||
        SSL_CTX_add_client_CA(context, authority.get()) != 1) {
      return std::unexpected(take_tls_failure());
    }
  }
  return {};
}

int mode_of(TlsVerify verify) {
  switch (verify) {
    case TlsVerify::none: return SSL_VERIFY_NONE;
    case TlsVerify::request: return SSL_VERIFY_PEER;
    case TlsVerify::require: return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  }
  return SSL_VERIFY_PEER;
}

std::expected<detail::OwnedContext, TlsFailure> make_server(TlsLibrary& library,
                                                            const TlsMaterial& material,
                                                            const TlsServerOptions& options) {
  detail::OwnedContext context(SSL_CTX_new_ex(library.context(), nullptr, TLS_server_method()));
  if (!context) return std::unexpected(take_tls_failure());
  set_up(context.get());
  SSL_CTX_set_verify(context.get(), mode_of(options.verify), verify_certificate);
  // Sessions live in tickets, which any shard can open; nothing is kept here.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), options.ticket_keys != nullptr ? 1 : 0);
  if (options.ticket_keys == nullptr) SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  // Else a session with a client's certificate is never resumed.
  static constexpr unsigned char name[] = "sipring";
  SSL_CTX_set_session_id_context(context.get(), name, sizeof name - 1);
  if (auto used = use_pair(library, context.get(), material); !used) {
    return std::unexpected(used.error());
  }
  if (options.verify != TlsVerify::none) {
    if (auto trusted = trust(library, context.get(), material); !trusted) {
      return std::unexpected(trusted.error());
    }
  }
  return context;
}

}  // namespace

std::expected<TlsContext, TlsFailure> TlsContext::server(TlsLibrary& library,
                                                         std::span<const TlsMaterial> materials,
                                                         const TlsServerOptions& options) {
  if (materials.empty())
    return refuse(Code::no_certificate_in_file, "a server needs a certificate");
  auto choices = std::make_unique<detail::ServerChoices>();
  choices->library = &library;
  choices->protocol = options.protocol;
  choices->ticket_keys = options.ticket_keys;
  detail::OwnedContext first;
  for (const TlsMaterial& material : materials) {
    auto context = make_server(library, material, options);
    if (!context) return std::unexpected(context.error());
    if (!first) {
      first = std::move(*context);
      choices->by_name.emplace_back(first.get());
    } else {
      choices->by_name.emplace_back(context->get());
      choices->others.push_back(std::move(*context));
    }
  }
  if (!detail::attach(first.get(), std::move(choices))) {
    return std::unexpected(take_tls_failure());
  }
  return TlsContext(library, first.release(), false);
}

std::expected<TlsContext, TlsFailure> TlsContext::client(TlsLibrary& library,
                                                         const TlsMaterial& material,
                                                         const TlsClientOptions& options) {
  detail::OwnedContext context(SSL_CTX_new_ex(library.context(), nullptr, TLS_client_method()));
  if (!context) return std::unexpected(take_tls_failure());
  set_up(context.get());
  SSL_CTX_set_verify(context.get(), options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
                     verify_certificate);
  detail::keep_tickets(context.get());
  if (!material.certificate.empty()) {
    if (auto used = use_pair(library, context.get(), material); !used) {
      return std::unexpected(used.error());
    }
  }
  if (options.verify) {
    if (auto trusted = trust(library, context.get(), material); !trusted) {
      return std::unexpected(trusted.error());
    }
  }
  const std::span<const unsigned char> offered = detail::protocols(options.protocol);
  if (SSL_CTX_set_alpn_protos(context.get(), offered.data(),
                              static_cast<unsigned>(offered.size())) != 0) {
    return std::unexpected(take_tls_failure());
  }
  return TlsContext(library, context.release(), options.verify);
}

TlsContext::TlsContext(TlsContext&& other) noexcept
    : library_(other.library_),
      context_(std::exchange(other.context_, nullptr)),
      verifies_domain_(other.verifies_domain_) {}

TlsContext& TlsContext::operator=(TlsContext&& other) noexcept {
  std::swap(library_, other.library_);
  std::swap(context_, other.context_);
  std::swap(verifies_domain_, other.verifies_domain_);
  return *this;
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

}  // namespace sipring
