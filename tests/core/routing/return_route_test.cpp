// SPDX-License-Identifier: MIT
#include <sipring/core/routing/return_route.h>

#include <gtest/gtest.h>

#include <string>

namespace sipring {
namespace {

std::string route_of(std::string_view via) {
  const auto route = return_route("SIP/2.0 200 OK\r\nVia: " + std::string(via) +
                                  "\r\nVia: SIP/2.0/TCP 192.0.2.77\r\nCSeq: 1 OPTIONS\r\n\r\n");
  if (!route) return "nowhere";
  return std::string(to_string(route->transport)) + " " + std::string(to_text(*route).view());
}

TEST(ReturnRoute, is_the_received_address_and_the_port_of_sent_by) {
  EXPECT_EQ(route_of("SIP/2.0/TCP 192.0.2.1:5070;branch=z9hG4bK1"), "TCP 192.0.2.1:5070");
  EXPECT_EQ(route_of("SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1"), "TCP 192.0.2.1:5060");
  EXPECT_EQ(route_of("SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1"), "TLS 192.0.2.1:5061");
  EXPECT_EQ(route_of("SIP/2.0/TCP a.example.com:5070;received=192.0.2.9;branch=z9hG4bK1"),
            "TCP 192.0.2.9:5070");
  EXPECT_EQ(route_of("SIP/2.0/TCP [2001:db8::1]:5070;branch=z9hG4bK1"), "TCP [2001:db8::1]:5070");
}

TEST(ReturnRoute, is_never_the_port_that_the_request_came_from) {
  EXPECT_EQ(route_of("SIP/2.0/TCP 192.0.2.1;rport=41234;received=192.0.2.9;branch=z9hG4bK1"),
            "TCP 192.0.2.9:5060");
}

TEST(ReturnRoute, leads_nowhere_where_nobody_listens) {
  EXPECT_EQ(route_of("SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK1"), "nowhere");
  EXPECT_EQ(route_of("SIP/2.0/WSS 192.0.2.1;branch=z9hG4bK1"), "nowhere");
  EXPECT_EQ(route_of("SIP/2.0/TCP x.INVALID;received=192.0.2.9;branch=z9hG4bK1"), "nowhere");
  EXPECT_EQ(route_of("SIP/2.0/TCP a.example.com;branch=z9hG4bK1"), "nowhere");
  EXPECT_EQ(route_of("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1"), "nowhere");
  EXPECT_EQ(route_of("no via at all"), "nowhere");
}

TEST(ReturnRoute, is_for_responses) {
  EXPECT_FALSE(return_route("OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.1\r\n\r\n"));
}

}  // namespace
}  // namespace sipring
