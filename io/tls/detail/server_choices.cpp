// SPDX-License-Identifier: MIT
#include <sipring/io/tls/detail/server_choices.h>

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <utility>

namespace sipring::detail {
namespace {

constexpr int ticket_sealed = 1, ticket_opened = 1, ticket_opened_renew = 2;
constexpr int ticket_unknown = 0, ticket_error = -1;

void free_choices(void*, void* choices, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<ServerChoices*>(choices);
}
void free_ticket(void*, void* ticket, CRYPTO_EX_DATA*, int, long, void*) {
  SSL_SESSION_free(static_cast<SSL_SESSION*>(ticket));
}

int choices_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_choices);
  return index;
}
int ticket_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, free_ticket);
  return index;
}

int choose_certificate(SSL* session, int*, void* choices) {
  const char* const name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
  if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
  SSL_CTX* const context = static_cast<ServerChoices*>(choices)->find(name);
  if (context == nullptr) return SSL_TLSEXT_ERR_NOACK;  // the first certificate serves
  return SSL_set_SSL_CTX(session, context) != nullptr ? SSL_TLSEXT_ERR_OK
                                                      : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// A client that names protocols and none of ours wants something else than SIP (RFC 7301 3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void* choices) {
  const auto ours = protocols(static_cast<ServerChoices*>(choices)->protocol);
  unsigned char* out = nullptr;
  if (SSL_select_next_proto(&out, size, ours.data(), static_cast<unsigned>(ours.size()), offered,
                            offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = out;
  return SSL_TLSEXT_ERR_OK;
}

bool set_mac(EVP_MAC_CTX* mac, const TicketKey& key) {
  char digest[] = "SHA256";
  auto* octets = const_cast<unsigned char*>(key.mac.data());
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, octets, key.mac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

int seal_ticket(const ServerChoices& choices, unsigned char* name, unsigned char* vector,
                EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
  const TicketKey* const key = choices.ticket_keys->current();
  if (key == nullptr) return ticket_unknown;
  const EVP_CIPHER* const kind = choices.library->ticket_cipher();
  if (RAND_bytes_ex(choices.library->context(), vector,
                    static_cast<std::size_t>(EVP_CIPHER_get_iv_length(kind)), 0) != 1 ||
      EVP_EncryptInit_ex2(cipher, kind, key->cipher.data(), vector, nullptr) != 1 ||
      !set_mac(mac, *key)) {
    return ticket_error;
  }
  std::ranges::copy(key->name, name);
  return ticket_sealed;
}

// A ticket of TLS 1.3 is used once, so each of them is answered with a new one (RFC 8446
// appendix C.4).
bool is_used_once(SSL* session) {
  return SSL_version(session) == TLS1_3_VERSION;
}

int open_ticket(const ServerChoices& choices, SSL* session, const unsigned char* name,
                const unsigned char* vector, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
  bool is_current = false;
  const TicketKey* const key =
      choices.ticket_keys->find(std::span<const unsigned char, 16>(name, 16), is_current);
  if (key == nullptr) return ticket_unknown;
  if (!set_mac(mac, *key) || EVP_DecryptInit_ex2(cipher, choices.library->ticket_cipher(),
                                                 key->cipher.data(), vector, nullptr) != 1) {
    return ticket_error;
  }
  return is_current && !is_used_once(session) ? ticket_opened : ticket_opened_renew;
}

int handle_ticket(SSL* session, unsigned char* name, unsigned char* vector, EVP_CIPHER_CTX* cipher,
                  EVP_MAC_CTX* mac, int is_sealing) {
  const auto* const choices = static_cast<const ServerChoices*>(
      SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), choices_index()));
  if (choices == nullptr || choices->ticket_keys == nullptr) return ticket_unknown;
  return is_sealing != 0 ? seal_ticket(*choices, name, vector, cipher, mac)
                         : open_ticket(*choices, session, name, vector, cipher, mac);
}

int keep_ticket(SSL* session, SSL_SESSION* ticket) {
  SSL_SESSION_free(take_ticket(session));
  return SSL_set_ex_data(session, ticket_index(), ticket) == 1 ? 1 : 0;
}

}  // namespace

SSL_CTX* ServerChoices::find(std::string_view server_name) const {
  const auto speaks = [&](const NamedContext& named) {
    return speaks_for(named.text.names(), server_name);
  };
  const auto found = std::ranges::find_if(by_name, speaks);
  return found == by_name.end() ? nullptr : found->context;
}

bool attach(SSL_CTX* context, std::unique_ptr<ServerChoices> choices) {
  ServerChoices* const owned = choices.get();
  if (SSL_CTX_set_ex_data(context, choices_index(), owned) != 1) return false;
  (void)choices.release();
  SSL_CTX_set_tlsext_servername_callback(context, choose_certificate);
  SSL_CTX_set_tlsext_servername_arg(context, owned);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, owned);
  return owned->ticket_keys == nullptr ||
         SSL_CTX_set_tlsext_ticket_key_evp_cb(context, handle_ticket) == 1;
}

void keep_tickets(SSL_CTX* context) {
  // The cache's mode decides whether OpenSSL hands tickets out; it keeps none itself. A client that
  // did cache would spend a TLS 1.3 ticket by using it.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep_ticket);
}

SSL_SESSION* take_ticket(SSL* session) {
  auto* const ticket = static_cast<SSL_SESSION*>(SSL_get_ex_data(session, ticket_index()));
  if (ticket != nullptr) SSL_set_ex_data(session, ticket_index(), nullptr);
  return ticket;
}

std::span<const unsigned char> protocols(TlsProtocol protocol) {
  static constexpr unsigned char sip[] = "\x05sip/2\x03sip";
  static constexpr unsigned char websocket[] = "\x08http/1.1";
  return protocol == TlsProtocol::sip
             ? std::span<const unsigned char>(sip, sizeof sip - 1)
             : std::span<const unsigned char>(websocket, sizeof websocket - 1);
}

}  // namespace sipring::detail
