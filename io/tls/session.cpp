// SPDX-License-Identifier: MIT
#include <sipring/io/tls/session.h>

#include <sipring/core/network_address.h>
#include <sipring/io/tls/certificate.h>
#include <sipring/io/tls/detail/server_choices.h>
#include <sipring/pools/assert.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <utility>

namespace sipring {

TlsTicket::TlsTicket(TlsTicket&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)) {}
TlsTicket& TlsTicket::operator=(TlsTicket&& other) noexcept {
  std::swap(session_, other.session_);
  return *this;
}
TlsTicket::~TlsTicket() {
  SSL_SESSION_free(session_);
}

std::expected<TlsSession, TlsFailure> TlsSession::make(const TlsContext& context,
                                                       std::string domain) {
  ERR_clear_error();
  SSL* const session = SSL_new(context.get());
  if (session == nullptr) return std::unexpected(take_tls_failure());
  BIO* const bio = context.library().share_bio();
  SSL_set_bio(session, bio, bio);
  return TlsSession(context.library(), session, std::move(domain));
}

std::expected<TlsSession, TlsFailure> TlsSession::accept(const TlsContext& context) {
  auto session = make(context, {});
  if (session) SSL_set_accept_state(session->session_);
  return session;
}

std::expected<TlsSession, TlsFailure> TlsSession::connect(const TlsContext& context,
                                                          std::string_view domain,
                                                          TlsTicket ticket) {
  const std::string name(domain);
  auto session = make(context, context.verifies_domain() ? name : std::string());
  if (!session) return session;
  SSL_set_connect_state(session->session_);
  const bool is_name = !name.empty() && !parse_ip_address(name);
  if (is_name && SSL_set_tlsext_host_name(session->session_, name.c_str()) != 1) {
    return std::unexpected(take_tls_failure());
  }
  if (ticket) (void)SSL_set_session(session->session_, ticket.get());
  return session;
}

TlsSession::TlsSession(TlsSession&& other) noexcept
    : library_(other.library_),
      session_(std::exchange(other.session_, nullptr)),
      domain_(std::move(other.domain_)),
      steps_left_(other.steps_left_),
      plain_since_(other.plain_since_),
      open_(other.open_) {}

TlsSession& TlsSession::operator=(TlsSession&& other) noexcept {
  std::swap(library_, other.library_);
  std::swap(session_, other.session_);
  std::swap(domain_, other.domain_);
  std::swap(steps_left_, other.steps_left_);
  std::swap(plain_since_, other.plain_since_);
  std::swap(open_, other.open_);
  return *this;
}

TlsSession::~TlsSession() {
  if (session_ == nullptr) return;
  // A connection that merely broke off must not spoil its ticket.
  if (open_) SSL_set_shutdown(session_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(session_);
}

// The error queue is the thread's: what another connection has left there is not ours.
template <class Call>
int TlsSession::call(TlsWire& wire, Call&& what) {
  ERR_clear_error();
  library_->use(&wire);
  const int result = what();
  const int error = SSL_get_error(session_, result);
  library_->use(nullptr);
  return error;
}

TlsFailure TlsSession::failure() const {
  return take_tls_failure(SSL_get_verify_result(session_));
}

std::expected<bool, TlsFailure> TlsSession::handshake(TlsWire& wire) {
  switch (call(wire, [&] { return SSL_do_handshake(session_); })) {
    case SSL_ERROR_NONE: break;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return false;
    default: return std::unexpected(failure());
  }
  open_ = true;
  if (!domain_.empty() && !is_authenticated_as(domain_)) {
    close(wire);
    return std::unexpected(
        TlsFailure{TlsFailureCode::wrong_domain, "the certificate does not speak for " + domain_});
  }
  domain_ = {};  // a name is not needed any more; an idle connection keeps nothing of it
  return true;
}

std::expected<std::size_t, TlsFailure> TlsSession::read(TlsWire& wire, std::span<char> plain) {
  SIPRING_ASSERT(wire.room() >= overhead);
  std::size_t taken = 0;
  wire.steps_left = steps_left_;
  const int error =
      call(wire, [&] { return SSL_read_ex(session_, plain.data(), plain.size(), &taken); });
  steps_left_ = wire.steps_left;
  if (steps_left_ == 0) [[unlikely]]
    return std::unexpected(
        TlsFailure{TlsFailureCode::key_updates, "it changes keys and says nothing"});
  switch (error) {
    case SSL_ERROR_NONE: note_plain(taken); return taken;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_ZERO_RETURN: return 0;
    default: return std::unexpected(failure());
  }
}

void TlsSession::note_plain(std::size_t octets) {
  plain_since_ += static_cast<std::uint32_t>(octets);
  if (plain_since_ < plain_for_steps) return;
  plain_since_ = 0;
  steps_left_ = most_steps;
}

bool TlsSession::has_plaintext() const {
  return SSL_pending(session_) > 0;
}

std::expected<void, TlsFailure> TlsSession::write(TlsWire& wire, std::string_view plain) {
  SIPRING_ASSERT(wire.room() >= room_for(plain.size()));
  if (plain.empty()) return {};
  std::size_t taken = 0;
  const int error =
      call(wire, [&] { return SSL_write_ex(session_, plain.data(), plain.size(), &taken); });
  if (error != SSL_ERROR_NONE) return std::unexpected(failure());
  SIPRING_ASSERT(taken == plain.size());
  return {};
}

void TlsSession::close(TlsWire& wire) {
  if (open_) (void)call(wire, [&] { return SSL_shutdown(session_); });
  ERR_clear_error();
}

bool TlsSession::is_closed() const {
  return (SSL_get_shutdown(session_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

bool TlsSession::release_buffers() {
  return SSL_free_buffers(session_) == 1;
}

bool TlsSession::was_resumed() const {
  return SSL_session_reused(session_) == 1;
}
std::string_view TlsSession::version() const {
  return SSL_get_version(session_);
}
std::string_view TlsSession::cipher() const {
  return SSL_CIPHER_get_name(SSL_get_current_cipher(session_));
}
std::string_view TlsSession::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(session_, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool TlsSession::has_peer_certificate() const {
  return SSL_get0_peer_certificate(session_) != nullptr;
}

bool TlsSession::is_authenticated() const {
  return has_peer_certificate() && SSL_get_verify_mode(session_) != SSL_VERIFY_NONE &&
         SSL_get_verify_result(session_) == X509_V_OK;
}

bool TlsSession::is_authenticated_as(std::string_view domain) const {
  return is_authenticated() &&
         speaks_for(CertificateText(SSL_get0_peer_certificate(session_)).names(), domain);
}

TlsTicket TlsSession::take_ticket() {
  return TlsTicket(detail::take_ticket(session_));
}

}  // namespace sipring
