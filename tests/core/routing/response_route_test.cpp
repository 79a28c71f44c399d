// SPDX-License-Identifier: MIT
#include <sipring/core/routing/detail/response_route.h>

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace sipring {
namespace {

Received from(std::string_view ip, std::uint16_t port, Transport transport = Transport::udp) {
  return {.bytes = {}, .source = {parse_ip_address(ip).value(), port, transport}, .flow = {}};
}

std::string destination(const std::optional<ResponseRoute>& route) {
  return route ? std::string(to_text(route->destination).view()) : "nowhere";
}

TEST(ResponseRoute, goes_to_the_source_address_and_the_port_of_sent_by) {
  Via via;
  via.host = "192.0.2.1";
  via.port = 5070;
  const auto route = response_route(via, from("192.0.2.1", 40'000));
  EXPECT_EQ(destination(route), "192.0.2.1:5070");
  EXPECT_FALSE(route->add_received);
  EXPECT_FALSE(route->fill_rport);
}

TEST(ResponseRoute, takes_the_default_port_when_sent_by_has_none) {
  Via via;
  via.host = "192.0.2.1";
  EXPECT_EQ(destination(response_route(via, from("192.0.2.1", 40'000))), "192.0.2.1:5060");
}

TEST(ResponseRoute, adds_received_when_sent_by_is_another_address_or_a_name) {
  for (const char* host : {"10.0.0.1", "client.example.com", "[2001:db8::1]"}) {
    Via via;
    via.host = host;
    via.port = 5070;
    const auto route = response_route(via, from("192.0.2.1", 40'000));
    EXPECT_EQ(destination(route), "192.0.2.1:5070") << host;
    EXPECT_TRUE(route->add_received) << host;
  }
}

TEST(ResponseRoute, compares_addresses_not_their_spelling) {
  Via via;
  via.host = "[2001:DB8:0::0001]";
  const auto route = response_route(via, from("2001:db8::1", 40'000));
  EXPECT_EQ(destination(route), "[2001:db8::1]:5060");
  EXPECT_FALSE(route->add_received);
}

TEST(ResponseRoute, a_client_that_asks_for_rport_is_answered_at_its_source) {
  Via via;
  via.host = "192.0.2.1";
  via.port = 5070;
  via.has_rport = true;
  const auto route = response_route(via, from("192.0.2.1", 40'000));
  EXPECT_EQ(destination(route), "192.0.2.1:40000");
  EXPECT_TRUE(route->fill_rport);
  EXPECT_TRUE(route->add_received) << "also when it is the same address (RFC 3581 section 4)";
}

TEST(ResponseRoute, maddr_goes_before_rport) {
  Via via;
  via.host = "192.0.2.1";
  via.port = 5070;
  via.maddr = "224.0.1.75";
  via.has_rport = true;
  const auto route = response_route(via, from("192.0.2.1", 40'000));
  EXPECT_EQ(destination(route), "224.0.1.75:5070");
  EXPECT_TRUE(route->fill_rport);
  via.port = 0;
  EXPECT_EQ(destination(response_route(via, from("192.0.2.1", 40'000))), "224.0.1.75:5060");
}

TEST(ResponseRoute, a_maddr_that_is_a_name_leads_nowhere) {
  Via via;
  via.host = "192.0.2.1";
  via.maddr = "proxy.example.com";
  EXPECT_FALSE(response_route(via, from("192.0.2.1", 40'000)));
}

// RFC 3261 section 18.2.2: the connection itself is the flow's affair; this is for when it is gone.
TEST(ResponseRoute, another_connection_goes_to_the_port_of_sent_by_and_never_to_the_source_port) {
  Via via;
  via.host = "client.example.com";
  via.maddr = "192.0.2.9";
  via.has_rport = true;
  for (const auto& [transport, port] :
       {std::pair(Transport::tcp, "5060"), {Transport::tls, "5061"}}) {
    via.port = 0;
    const Received received = from("192.0.2.1", 40'000, transport);
    auto route = response_route(via, received);
    EXPECT_EQ(destination(route), std::string("192.0.2.1:") + port);
    EXPECT_EQ(route->destination.transport, transport);
    EXPECT_TRUE(route->add_received);
    via.port = 5070;
    EXPECT_EQ(destination(response_route(via, received)), "192.0.2.1:5070");
  }
}

TEST(ResponseRoute, no_other_connection_is_opened_to_who_cannot_be_reached) {
  for (const char* host : {"df7jal23ls0d.invalid", "df7jal23ls0d.INVALID.", "invalid"}) {
    Via via;
    via.host = host;
    via.port = 5070;
    const auto route = response_route(via, from("192.0.2.1", 40'000, Transport::tcp));
    EXPECT_EQ(route->destination.port, 0) << host;
    EXPECT_TRUE(route->add_received);
  }
  for (const char* host : {"invalid.example.com", "notinvalid", "a.invalid.b"}) {
    Via via;
    via.host = host;
    EXPECT_EQ(response_route(via, from("192.0.2.1", 40'000, Transport::tcp))->destination.port,
              5060)
        << host;
  }
  for (const Transport transport : {Transport::ws, Transport::wss}) {
    Via via;
    via.host = "client.example.com";
    via.port = 443;
    EXPECT_EQ(response_route(via, from("192.0.2.1", 40'000, transport))->destination.port, 0);
  }
}

}  // namespace
}  // namespace sipring
