// A UDP peer on loopback, and messages for it to send. Waits are bounded by poll(), never by
// sleeping.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/io/socket_address.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sipring::test {

inline NetworkAddress loopback_v4(std::uint16_t port = 0) {
  NetworkAddress address;
  address.ip.octets[0] = 127;
  address.ip.octets[3] = 1;
  address.port = port;
  return address;
}

inline NetworkAddress loopback_v6(std::uint16_t port = 0) {
  NetworkAddress address;
  address.ip.family = IpAddress::Family::v6;
  address.ip.octets[15] = 1;
  address.port = port;
  return address;
}

inline std::string request(std::string_view method, int number, std::string_view body = {},
                           std::string_view extra = {}) {
  const std::string id = std::to_string(number);
  return std::string(method) + " sip:user@127.0.0.1 SIP/2.0\r\n" +
         "Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK" + id + "\r\n" +
         "Max-Forwards: 70\r\nFrom: <sip:a@127.0.0.1>;tag=" + id + "\r\n" +
         "To: <sip:user@127.0.0.1>\r\nCall-ID: call-" + id + "@127.0.0.1\r\nCSeq: 1 " +
         std::string(method) + "\r\n" + std::string(extra) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// The same request as one of the call with this number.
inline std::string of_call(std::string text, int number) {
  const std::size_t at = text.find("Call-ID: ") + 9;
  return text.replace(at, text.find('\r', at) - at,
                      "call-" + std::to_string(number) + "@127.0.0.1");
}

inline std::string header_of(std::string_view message, std::string_view name) {
  const std::size_t at = message.find("\r\n" + std::string(name) + ": ");
  if (at == std::string_view::npos) return {};
  const std::size_t start = at + name.size() + 4;
  return std::string(message.substr(start, message.find("\r\n", start) - start));
}

class Peer {
 public:
  explicit Peer(const NetworkAddress& address = loopback_v4()) {
    SocketAddress bound;
    socklen_t length = to_socket_address(address, bound);
    fd_ = ::socket(bound.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int bytes = 4 << 20;
    (void)::setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    open_ = fd_ >= 0 && ::bind(fd_, &bound.any, length) == 0;
    length = sizeof bound;
    open_ = open_ && ::getsockname(fd_, &bound.any, &length) == 0;
    if (open_) address_ = to_network_address(bound, Transport::udp);
  }
  ~Peer() { close(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  [[nodiscard]] bool is_open() const { return open_; }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const NetworkAddress& address() const { return address_; }

  bool send(std::string_view bytes, const NetworkAddress& to) {
    SocketAddress destination;
    const socklen_t length = to_socket_address(to, destination);
    return ::sendto(fd_, bytes.data(), bytes.size(), 0, &destination.any, length) ==
           static_cast<ssize_t>(bytes.size());
  }

  // The next datagram, or nullopt when none came in time.
  std::optional<std::string> receive(int timeout_ms = 10'000) {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, timeout_ms) != 1) return std::nullopt;
    std::string bytes(65'535, '\0');
    const ssize_t size = ::recv(fd_, bytes.data(), bytes.size(), 0);
    if (size < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
  }

 private:
  int fd_ = -1;
  bool open_ = false;
  NetworkAddress address_;
};

}  // namespace sipring::test
