// The raw end beside a server: epoll, and OpenSSL on the socket; what comes goes back at once.
// SPDX-License-Identifier: MIT
#pragma once

#include "stream_lines.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <string_view>
#include <unordered_map>

namespace sipring::bench {

class Echo {
 public:
  // With a certificate and its key, TLS.
  Echo(const char* certificate, const char* key) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (certificate == nullptr) return;
    context_ = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(context_, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context_, key, SSL_FILETYPE_PEM) != 1)
      fail("certificate");
    SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context_, 1);
    SSL_CTX_set_read_ahead(context_, 1);
  }

  [[noreturn]] void run() {
    const int listener = tcp_socket();
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    auto* const bound = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, bound, length) != 0 || ::listen(listener, 4'096) != 0 ||
        ::getsockname(listener, bound, &length) != 0)
      fail("listen");
    std::printf("%u\n", ntohs(address.sin_port));
    (void)std::fflush(stdout);
    watch(epoll_, listener, static_cast<std::uint32_t>(listener));
    for (;;) turn(listener);
  }

 private:
  void turn(int listener) {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = static_cast<int>(events[static_cast<std::size_t>(i)].data.u32);
      if (fd == listener)
        accept(listener);
      else if (!(context_ == nullptr ? plain(fd) : secure(peers_.at(fd))))
        close(fd);
    }
  }
  void accept(int listener) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    watch(epoll_, fd, static_cast<std::uint32_t>(fd));
    if (context_ == nullptr) return;
    SSL* const peer = SSL_new(context_);
    SSL_set_fd(peer, fd);
    SSL_set_accept_state(peer);
    peers_[fd] = peer;
  }
  bool plain(int fd) {
    const ssize_t size = ::recv(fd, room_.data(), room_.size(), 0);
    if (size < 0 && errno == EAGAIN) return true;
    return size > 0 && send_all(fd, {room_.data(), static_cast<std::size_t>(size)});
  }
  // All that has come goes back as one record.
  bool secure(SSL* peer) {
    std::size_t size = 0, got = 0;
    ERR_clear_error();
    int result = 1;
    do {
      result = SSL_read_ex(peer, room_.data() + size, 16'384 - size, &got);
      if (result == 1) size += got;
    } while (result == 1 && SSL_has_pending(peer) == 1 && size < 16'384);
    if (result != 1 && SSL_get_error(peer, result) != SSL_ERROR_WANT_READ) return false;
    return size == 0 || SSL_write_ex(peer, room_.data(), size, &got) == 1;
  }
  void close(int fd) {
    ::close(fd);
    if (context_ == nullptr) return;
    SSL_set_quiet_shutdown(peers_.at(fd), 1);
    SSL_free(peers_.at(fd));
    peers_.erase(fd);
  }

  int epoll_;
  SSL_CTX* context_ = nullptr;
  std::unordered_map<int, SSL*> peers_;
  std::array<char, 65'536> room_;
};

}  // namespace sipring::bench
