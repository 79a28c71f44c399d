// A connection that asks, as bench/stream_flood.cpp opens thousands of: over TCP, TLS 1.3,
// WebSocket and secure WebSocket. TLS stands over memory, so that what goes out together is one
// segment.
// SPDX-License-Identifier: MIT
#pragma once

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace sipring::bench {

[[noreturn]] inline void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

inline int tcp_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  if (fd < 0 || ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0) fail("socket");
  return fd;
}

inline sockaddr_in loopback(std::uint16_t port, std::uint32_t host = INADDR_LOOPBACK) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(host);
  return address;
}

inline void watch(int epoll, int fd, std::uint32_t slot) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = slot;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

// False when the peer has gone.
inline bool send_all(int fd, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(fd, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

struct Kind {
  bool tls = false;
  bool web = false;
};

// Some 600 octets, as phones and trunks send them.
inline std::string options(Kind kind, std::uint64_t id) {
  const std::string name = std::to_string(id);
  const char* const protocol = kind.web ? (kind.tls ? "WSS" : "WS") : (kind.tls ? "TLS" : "TCP");
  return std::string("OPTIONS sip:ping@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/") + protocol +
         " 127.0.0.1:5060;branch=z9hG4bK-flood-" + name +
         ";rport\r\n"
         "Max-Forwards: 70\r\n"
         "From: \"Probe of a trunk\" <sip:probe@sbc.example.com>;tag=f" +
         name +
         "\r\n"
         "To: <sip:ping@127.0.0.1>\r\n"
         "Call-ID: flood-" +
         name +
         "@sbc.example.com\r\n"
         "CSeq: 1 OPTIONS\r\n"
         "Contact: <sip:probe@127.0.0.1:5060;transport=tcp>\r\n"
         "Accept: application/sdp\r\n"
         "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, PRACK, UPDATE, INFO, REFER, NOTIFY\r\n"
         "Supported: timer, path, replaces\r\n"
         "User-Agent: trunk-probe/1.0\r\n"
         "Content-Length: 0\r\n\r\n";
}

inline constexpr std::string_view upgrade =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n";

// A binary frame of a client (RFC 6455 section 5.2) of 126 to 65,535 octets.
inline std::string masked_frame(std::string_view payload) {
  constexpr std::string_view key = "\x11\x22\x33\x44";
  std::string frame{'\x82', '\xfe', static_cast<char>(payload.size() >> 8),
                    static_cast<char>(payload.size() & 0xff)};
  frame += key;
  frame += payload;
  // As fast as may be: a client that is slower than one of TCP leaves the server smaller turns.
  char* const masked = frame.data() + frame.size() - payload.size();
  for (std::size_t i = 0; i < payload.size(); ++i) masked[i] ^= key[i & 3];
  return frame;
}

// Heads that have come, the last perhaps in parts; answers here have no body.
class Counter {
 public:
  std::uint32_t take(std::string_view octets) {
    std::uint32_t ends = 0;
    for (const char octet : octets) {
      matched_ = octet == end[matched_] ? matched_ + 1 : (octet == '\r' ? 1U : 0U);
      if (matched_ < end.size()) continue;
      matched_ = 0;
      ++ends;
    }
    return ends;
  }

 private:
  static constexpr std::string_view end = "\r\n\r\n";
  std::size_t matched_ = 0;
};

class Line {
 public:
  Line(std::uint16_t port, Kind kind, SSL_CTX* context, SSL_SESSION* session, std::uint64_t number)
      : fd_(tcp_socket()), kind_(kind) {
    connect(port, number);
    if (kind.tls) secure(context, session);
    if (!kind.tls && kind.web) say(upgrade);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { close(); }

  int fd() const { return fd_; }
  SSL* ssl() const { return ssl_; }
  // Requests may be asked.
  bool is_open() const {
    return (ssl_ == nullptr || SSL_is_init_finished(ssl_) == 1) && (!kind_.web || upgraded_);
  }
  // The server has said something behind the handshake: a ticket.
  bool has_ticket() const { return has_ticket_; }

  void ask(std::uint64_t& number, std::uint32_t count) {
    if (ssl_ != nullptr) {
      for (std::uint32_t i = 0; i < count; ++i) seal(framed(options(kind_, ++number)));
      return flush();
    }
    std::string segment;
    for (std::uint32_t i = 0; i < count; ++i) segment += framed(options(kind_, ++number));
    say(segment);
  }
  void begin(std::uint64_t number, std::size_t octets) {
    const std::string text = options(kind_, number).substr(0, octets);
    if (kind_.web) return say(masked_frame(options(kind_, number)).substr(0, octets));
    say(text);
  }

  // Answers that have come, at most what is there now; -1: the peer has gone.
  int receive() {
    static std::array<char, 65'536> room;
    const ssize_t size = ::recv(fd_, room.data(), room.size(), MSG_DONTWAIT);
    if (size <= 0) return size < 0 && errno == EAGAIN ? 0 : -1;
    const std::string_view octets(room.data(), static_cast<std::size_t>(size));
    if (ssl_ == nullptr) return plain(octets);
    BIO_write(SSL_get_rbio(ssl_), octets.data(), static_cast<int>(octets.size()));
    if (SSL_is_init_finished(ssl_) == 0)
      shake();
    else
      has_ticket_ = true;
    int answers = 0;
    std::size_t got = 0;
    while (SSL_is_init_finished(ssl_) == 1 &&
           SSL_read_ex(ssl_, room.data(), room.size(), &got) == 1)
      answers += plain({room.data(), got});
    return answers;
  }
  // No TIME_WAIT remains: there would soon be no port left.
  void close() {
    if (fd_ < 0) return;
    const linger now{1, 0};
    (void)::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(fd_);
    fd_ = -1;
    // OpenSSL thinks ill of a session whose connection ended without close_notify.
    if (ssl_ != nullptr) SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl_);
    ssl_ = nullptr;
  }

 private:
  // From 64 addresses, as many clients would: a server limits each.
  void connect(std::uint16_t port, std::uint64_t number) {
    const int yes = 1;
    (void)::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    const sockaddr_in own = loopback(0, 0x7f000101U + static_cast<std::uint32_t>(number % 64));
    const sockaddr_in peer = loopback(port);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) fail("bind");
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) fail("connect");
  }
  void secure(SSL_CTX* context, SSL_SESSION* session) {
    ssl_ = SSL_new(context);
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_);
    if (session != nullptr) SSL_set_session(ssl_, session);
    shake();
  }
  void shake() {
    (void)SSL_do_handshake(ssl_);
    flush();
    if (SSL_is_init_finished(ssl_) == 1 && kind_.web) say(upgrade);
  }
  std::string framed(std::string message) const {
    return kind_.web ? masked_frame(message) : std::move(message);
  }
  void seal(std::string_view octets) {
    std::size_t written = 0;
    if (SSL_write_ex(ssl_, octets.data(), octets.size(), &written) != 1) fail("SSL_write_ex");
  }
  void flush() {
    char* data = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(ssl_), &data);
    (void)send_all(fd_, {data, static_cast<std::size_t>(size)});
    (void)BIO_reset(SSL_get_wbio(ssl_));
  }
  void say(std::string_view octets) {
    if (ssl_ == nullptr) return (void)send_all(fd_, octets);
    seal(octets);
    flush();
  }
  int plain(std::string_view octets) {
    auto ends = static_cast<int>(counter_.take(octets));
    if (ends == 0 || upgraded_ || !kind_.web) return ends;
    upgraded_ = true;
    return ends - 1;
  }

  int fd_ = -1;
  Kind kind_;
  SSL* ssl_ = nullptr;
  bool upgraded_ = false;
  bool has_ticket_ = false;
  Counter counter_;
};

}  // namespace sipring::bench
