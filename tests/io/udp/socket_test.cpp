// SPDX-License-Identifier: MIT
#include <sipring/io/udp/socket.h>

#include "tests/io/loopback.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

namespace sipring {
namespace {

class UdpSocketTest : public testing::Test {
 protected:
  auto open(const NetworkAddress& address, std::uint32_t shards) {
    return UdpSocket::open(address, shards, {}, notices_);
  }
  std::vector<std::string> notices_;
};

TEST_F(UdpSocketTest, shares_a_chosen_port_between_shards) {
  for (const NetworkAddress& address : {test::loopback_v4(), test::loopback_v6()}) {
    const auto sockets = open(address, 3);
    ASSERT_TRUE(sockets.has_value()) << sockets.error().text;
    ASSERT_EQ(sockets->size(), 3U);
    EXPECT_NE(sockets->front().bound_address().port, 0);
    for (const UdpSocket& socket : *sockets) {
      EXPECT_EQ(socket.bound_address(), sockets->front().bound_address());
    }
  }
}

TEST_F(UdpSocketTest, does_not_share_a_port_with_another_server) {
  const auto first = open(test::loopback_v4(), 2);
  ASSERT_TRUE(first.has_value());
  const auto second = open(first->front().bound_address(), 2);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, OpenErrorCode::address_in_use);
  EXPECT_EQ(second.error().text, "cannot listen on udp:127.0.0.1:" +
                                     std::to_string(first->front().bound_address().port) +
                                     ": Address already in use (EADDRINUSE)");
}

TEST_F(UdpSocketTest, says_that_an_address_is_not_of_this_machine) {
  NetworkAddress elsewhere = test::loopback_v4();
  elsewhere.ip.octets = {192, 0, 2, 1};
  const auto sockets = open(elsewhere, 1);
  ASSERT_FALSE(sockets.has_value());
  EXPECT_EQ(sockets.error().code, OpenErrorCode::address_unavailable);
  EXPECT_EQ(sockets.error().error_number, EADDRNOTAVAIL);
}

TEST_F(UdpSocketTest, gives_back_what_a_closed_port_refused) {
  for (const NetworkAddress& address : {test::loopback_v4(), test::loopback_v6()}) {
    auto sockets = open(address, 1);
    ASSERT_TRUE(sockets.has_value()) << sockets.error().text;
    UdpSocket& socket = sockets->front();
    std::vector<char> room(1'000);
    EXPECT_FALSE(socket.take_error(room).has_value());

    test::Peer gone(address);
    SocketAddress destination;
    const socklen_t length = to_socket_address(gone.address(), destination);
    gone.close();
    const std::string text = "OPTIONS sip:nobody@localhost SIP/2.0";
    ASSERT_EQ(::sendto(socket.fd(), text.data(), text.size(), 0, &destination.any, length),
              static_cast<ssize_t>(text.size()));
    pollfd waiting{socket.fd(), 0, 0};
    ASSERT_EQ(::poll(&waiting, 1, 10'000), 1);
    const auto error = socket.take_error(room);
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->error_number, ECONNREFUSED);
    EXPECT_EQ(error->quoted, text);
  }
}

}  // namespace
}  // namespace sipring
