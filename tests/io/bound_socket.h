// A name server's socket on the loopback: the test is the name server.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/socket_address.h>

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "tests/core/dns/zone.h"

namespace sipring::test {

// For datagrams, bound to a port of 127.0.0.1 that nobody has for connections either.
class BoundSocket {
 public:
  BoundSocket() {
    constexpr int tries = 100;
    for (int i = 0; i < tries && stream_ < 0; ++i) {
      if (fd_ >= 0) ::close(fd_);
      fd_ = bound(SOCK_DGRAM, 0);
      stream_ = bound(SOCK_STREAM, address_.port);
    }
    EXPECT_GE(stream_, 0);
    wait_at_most_ten_seconds();
  }
  // For connections, at the port of a socket for datagrams, once.
  explicit BoundSocket(BoundSocket& datagrams)
      : fd_(std::exchange(datagrams.stream_, -1)), address_(datagrams.address_) {
    EXPECT_EQ(::listen(fd_, 4), 0);
    wait_at_most_ten_seconds();
  }
  ~BoundSocket() {
    ::close(fd_);
    if (stream_ >= 0) ::close(stream_);
  }
  BoundSocket& operator=(const BoundSocket&) = delete;
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const NetworkAddress& address() const { return address_; }

  // Answers one datagram; gives the port that it came from.
  std::uint16_t serve(Zone& zone, bool truncated = false) const {
    std::array<char, 512> room{};
    SocketAddress source;
    socklen_t length = sizeof source;
    const ssize_t size = ::recvfrom(fd_, room.data(), room.size(), 0, &source.any, &length);
    EXPECT_GT(size, 0);
    std::string answer = zone.answer({room.data(), static_cast<std::size_t>(size)});
    if (truncated) answer[2] = static_cast<char>(answer[2] | 2);
    EXPECT_GT(::sendto(fd_, answer.data(), answer.size(), 0, &source.any, length), 0);
    return to_network_address(source, Transport::udp).port;
  }

  // Accepts a connection, answers what is asked by it, and closes it.
  void serve_stream(Zone& zone) const {
    const int connection = ::accept(fd_, nullptr, nullptr);
    ASSERT_GE(connection, 0);
    std::array<char, 512> room{};
    const ssize_t size = ::recv(connection, room.data(), room.size(), 0);
    ASSERT_GT(size, 2);
    const std::string answer = zone.answer({room.data() + 2, static_cast<std::size_t>(size) - 2});
    const std::string framed = std::string(1, '\0') + static_cast<char>(answer.size()) + answer;
    EXPECT_EQ(::send(connection, framed.data(), framed.size(), 0),
              static_cast<ssize_t>(framed.size()));
    ::close(connection);
  }

 private:
  // -1: somebody has the port.
  int bound(int type, std::uint16_t port) {
    const int fd = ::socket(AF_INET, type, 0);
    SocketAddress address;
    socklen_t length =
        to_socket_address({*parse_ip_address("127.0.0.1"), port, Transport::udp}, address);
    if (::bind(fd, &address.any, length) != 0) {
      ::close(fd);
      return -1;
    }
    length = sizeof address;
    EXPECT_EQ(::getsockname(fd, &address.any, &length), 0);
    address_ = to_network_address(address, Transport::udp);
    return fd;
  }
  // A test that waits for nothing fails.
  void wait_at_most_ten_seconds() const {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    EXPECT_EQ(::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
  }

  int fd_ = -1;
  int stream_ = -1;  // holds the port for who will want it
  NetworkAddress address_;
};

}  // namespace sipring::test
