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

#include "tests/core/dns/zone.h"

namespace sipring::test {

// Bound to 127.0.0.1, to a port that the kernel chose or to this one.
class BoundSocket {
 public:
  explicit BoundSocket(int type, std::uint16_t port = 0) : fd_(::socket(AF_INET, type, 0)) {
    address_ = {*parse_ip_address("127.0.0.1"), port, Transport::udp};
    SocketAddress bound;
    socklen_t length = to_socket_address(address_, bound);
    EXPECT_EQ(::bind(fd_, &bound.any, length), 0);
    length = sizeof bound;
    EXPECT_EQ(::getsockname(fd_, &bound.any, &length), 0);
    address_ = to_network_address(bound, Transport::udp);
    if (type == SOCK_STREAM) {
      EXPECT_EQ(::listen(fd_, 4), 0);
    }
    const timeval patience{.tv_sec = 10, .tv_usec = 0};  // a test that waits for nothing fails
    EXPECT_EQ(::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
  }
  ~BoundSocket() { ::close(fd_); }
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
  int fd_;
  NetworkAddress address_;
};

}  // namespace sipring::test
