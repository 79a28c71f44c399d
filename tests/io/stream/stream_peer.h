// A TCP peer on loopback. Waits are bounded by poll(), never by sleeping.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/io/socket_address.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sipring::test {

class StreamPeer {
 public:
  // `room`: what the kernel keeps for it until it reads; 0: as much as it likes.
  explicit StreamPeer(const NetworkAddress& server, int room = 0) {
    SocketAddress address;
    const socklen_t length = to_socket_address(server, address);
    fd_ = ::socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (room != 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    is_open_ = fd_ >= 0 && ::connect(fd_, &address.any, length) == 0;
  }
  // The other end of a connection that was accepted.
  explicit StreamPeer(int fd) : fd_(fd), is_open_(fd >= 0) {}
  StreamPeer(StreamPeer&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        is_open_(other.is_open_),
        received_(std::move(other.received_)) {}
  StreamPeer& operator=(StreamPeer&&) = delete;
  ~StreamPeer() { close(); }

  [[nodiscard]] bool is_open() const { return is_open_; }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool send(std::string_view octets) {
    return ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(octets.size());
  }
  // What of it the server's side has room for within `patience_ms`.
  [[nodiscard]] std::size_t send_some(std::string_view octets, int patience_ms) {
    pollfd poll{fd_, POLLOUT, 0};
    if (::poll(&poll, 1, patience_ms) != 1) return 0;
    const ssize_t sent = ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }
  // The next octets up to and with `end`; nullopt when they do not come within ten seconds.
  [[nodiscard]] std::optional<std::string> receive_until(std::string_view end) {
    for (;;) {
      const std::size_t at = received_.find(end);
      if (at != std::string::npos) {
        std::string text = received_.substr(0, at + end.size());
        received_.erase(0, text.size());
        return text;
      }
      if (!receive_more()) return std::nullopt;
    }
  }
  // A response without a body.
  [[nodiscard]] std::optional<std::string> receive() { return receive_until("\r\n\r\n"); }
  // The server has said that nothing more comes.
  [[nodiscard]] bool is_ended() {
    while (receive_more()) {
    }
    return has_ended_;
  }
  [[nodiscard]] const std::string& received() const { return received_; }
  [[nodiscard]] bool receive_more() {
    pollfd poll{fd_, POLLIN, 0};
    if (::poll(&poll, 1, 10'000) != 1) return false;
    std::array<char, 65'536> room;
    const ssize_t size = ::recv(fd_, room.data(), room.size(), 0);
    has_ended_ = size == 0;
    if (size <= 0) return false;
    received_.append(room.data(), static_cast<std::size_t>(size));
    return true;
  }

  void say_no_more() const { (void)::shutdown(fd_, SHUT_WR); }
  // The server sees a reset.
  void reset() {
    const linger now{1, 0};
    (void)::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
  bool is_open_ = false;
  bool has_ended_ = false;
  std::string received_;
};

// Listens, for a server that connects.
class StreamListener {
 public:
  StreamListener() {
    NetworkAddress any;
    any.ip.octets = {127, 0, 0, 1};
    any.transport = Transport::tcp;
    SocketAddress address;
    socklen_t length = to_socket_address(any, address);
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool listens = ::bind(fd_, &address.any, length) == 0 && ::listen(fd_, 16) == 0;
    length = sizeof address;
    if (listens && ::getsockname(fd_, &address.any, &length) == 0)
      address_ = to_network_address(address, Transport::tcp);
  }
  ~StreamListener() { close(); }
  StreamListener(const StreamListener&) = delete;
  StreamListener& operator=(const StreamListener&) = delete;

  [[nodiscard]] const NetworkAddress& address() const { return address_; }
  [[nodiscard]] std::optional<StreamPeer> accept() const {
    pollfd poll{fd_, POLLIN, 0};
    if (::poll(&poll, 1, 10'000) != 1) return std::nullopt;
    return StreamPeer(::accept(fd_, nullptr, nullptr));
  }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
  NetworkAddress address_;
};

}  // namespace sipring::test
