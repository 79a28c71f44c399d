// SPDX-License-Identifier: MIT
#include <sipring/io/stream/socket.h>

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <optional>

#include "tests/io/loopback.h"
#include "tests/io/stream/stream_peer.h"

namespace sipring {
namespace {

using namespace std::chrono_literals;

int option(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(fd, level, name, &value, &size), 0) << level << " " << name;
  return value;
}

void expect_all_set(int fd) {
  EXPECT_EQ(option(fd, IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(option(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(option(fd, IPPROTO_TCP, TCP_KEEPIDLE), 45);
  EXPECT_EQ(option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), 21'000);
  EXPECT_EQ(option(fd, IPPROTO_IP, IP_TOS), 0x60);
}

TEST(StreamSocketTest, what_a_listener_has_set_its_connections_have_and_so_have_those_we_open) {
  StreamSocketOptions options;
  options.keep_alive = 45s;
  options.user_timeout = 21s;
  options.traffic_class = 0x60;
  NetworkAddress any = test::loopback_v4();
  any.transport = Transport::tcp;
  const auto listening = StreamSocket::listen(any, 1, options);
  ASSERT_TRUE(listening.has_value());
  const test::StreamPeer peer((*listening)[0].bound_address());
  ASSERT_TRUE(peer.is_open());
  const test::StreamPeer accepted(::accept((*listening)[0].fd(), nullptr, nullptr));
  ASSERT_TRUE(accepted.is_open());
  expect_all_set(accepted.fd());
  const auto ours = StreamSocket::make(IpAddress::Family::v4, options);
  ASSERT_TRUE(ours.has_value());
  expect_all_set(ours->fd());
}

}  // namespace
}  // namespace sipring
