// A TLS client on loopback that is OpenSSL's own, over its own socket.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/io/tls/detail/pem.h>
#include <sipring/io/tls_material.h>

#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/io/stream/stream_peer.h"

namespace sipring::test {

using TlsClientSession = std::unique_ptr<SSL_SESSION, detail::FreeBy<SSL_SESSION_free>>;

class TlsPeer {
 public:
  struct Wish {
    const TlsMaterial* material = nullptr;  // what it shows
    SSL_SESSION* session = nullptr;         // to resume
    int newest = TLS1_3_VERSION;
    int room = 0;  // StreamPeer
  };

  TlsPeer(const NetworkAddress& server, const Wish& wish)
      : context_(SSL_CTX_new(TLS_client_method())), peer_(server, wish.room) {
    SSL_CTX* const context = context_.get();
    SSL_CTX_set_security_level(context, 0);  // or OpenSSL itself offers no old versions
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, wish.newest);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_session_cache_mode(context,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(context, keep_session);
    if (wish.material != nullptr) show(*wish.material);
    ssl_.reset(SSL_new(context));
    SSL_set_app_data(ssl_.get(), static_cast<void*>(&session_));
    SSL_set_fd(ssl_.get(), peer_.fd());
    if (wish.session != nullptr) SSL_set_session(ssl_.get(), wish.session);
    is_open_ = peer_.is_open() && SSL_connect(ssl_.get()) == 1;
  }
  explicit TlsPeer(const NetworkAddress& server) : TlsPeer(server, Wish{}) {}
  // OpenSSL thinks ill of a session whose connection ended without close_notify.
  ~TlsPeer() { SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  // Hands have been shaken, as far as this end knows.
  [[nodiscard]] bool is_open() const { return is_open_; }
  [[nodiscard]] bool was_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  [[nodiscard]] std::string server_name() const {
    std::array<char, 64> name{};
    X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate == nullptr) return {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                              name.size());
    return name.data();
  }
  // Of a server that has sent something since.
  [[nodiscard]] TlsClientSession take_session() { return std::move(session_); }

  [[nodiscard]] bool send(std::string_view octets) {
    return SSL_write(ssl_.get(), octets.data(), static_cast<int>(octets.size())) ==
           static_cast<int>(octets.size());
  }
  // False: the server's side has had no room for it for `patience_ms`.
  [[nodiscard]] bool send_some(std::string_view octets, int patience_ms) {
    pollfd poll{peer_.fd(), POLLOUT, 0};
    return ::poll(&poll, 1, patience_ms) == 1 && send(octets);
  }
  [[nodiscard]] bool receive_more() {
    std::array<char, 16'384> room;
    pollfd poll{peer_.fd(), POLLIN, 0};
    if (SSL_pending(ssl_.get()) == 0 && ::poll(&poll, 1, 10'000) != 1) return false;
    const int size = SSL_read(ssl_.get(), room.data(), room.size());
    if (size <= 0) return false;
    received_.append(room.data(), static_cast<std::size_t>(size));
    return true;
  }
  [[nodiscard]] std::optional<std::string> receive() {
    for (;;) {
      const std::size_t at = received_.find("\r\n\r\n");
      if (at != std::string::npos) {
        std::string text = received_.substr(0, at + 4);
        received_.erase(0, text.size());
        return text;
      }
      if (!receive_more()) return std::nullopt;
    }
  }
  [[nodiscard]] const std::string& received() const { return received_; }
  // The server ended it, with close_notify.
  [[nodiscard]] bool is_ended() {
    while (receive_more()) {
    }
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

 private:
  void show(const TlsMaterial& material) {
    const auto certificates = detail::read_certificates(nullptr, material.certificate);
    const auto key = detail::read_key(nullptr, material.key);
    SSL_CTX_use_certificate(context_.get(), certificates.front().get());
    SSL_CTX_use_PrivateKey(context_.get(), key.get());
  }
  static int keep_session(SSL* ssl, SSL_SESSION* session) {
    static_cast<TlsClientSession*>(SSL_get_app_data(ssl))->reset(session);
    return 1;
  }

  TlsClientSession session_;
  detail::OwnedContext context_;
  StreamPeer peer_;
  std::unique_ptr<SSL, detail::FreeBy<SSL_free>> ssl_;
  bool is_open_ = false;
  std::string received_;
};

}  // namespace sipring::test
