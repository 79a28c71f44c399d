// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/alias.h>

#include <gtest/gtest.h>

#include <string>

namespace sipring::test {
namespace {

NetworkAddress source(Transport transport = Transport::tls) {
  return {*parse_ip_address("192.0.2.1"), 40'000, transport};
}
std::string alias(std::string_view text, PeerProof proof = PeerProof::certificate,
                  Transport transport = Transport::tls) {
  const auto via = parse_via(text);
  if (!via) return "no via";
  const auto found = alias_of(*via, source(transport), proof);
  if (!found) return "none";
  return std::string(to_string(found->transport)) + " " + std::string(to_text(*found).view());
}

TEST(Alias, is_the_peers_own_address_with_the_port_of_sent_by) {
  EXPECT_EQ(alias("SIP/2.0/TLS p1.example.com;branch=z9hG4bKa;alias"), "TLS 192.0.2.1:5061");
  EXPECT_EQ(alias("SIP/2.0/TLS p1.example.com:5071;branch=z9hG4bKa;alias"), "TLS 192.0.2.1:5071");
  EXPECT_EQ(alias("SIP/2.0/TLS 198.51.100.9;branch=z9hG4bKa;ALIAS"), "TLS 192.0.2.1:5061");
}

TEST(Alias, nobody_has_one_who_does_not_ask_for_it) {
  EXPECT_EQ(alias("SIP/2.0/TLS p1.example.com;branch=z9hG4bKa"), "none");
  EXPECT_EQ(alias("SIP/2.0/TLS p1.example.com;branch=z9hG4bKalias"), "none");
  EXPECT_EQ(alias("SIP/2.0/TLS p1.example.com;branch=z9hG4bKa;x=alias"), "none");
}

TEST(Alias, without_a_certificate_it_is_as_if_it_were_not_there) {
  EXPECT_EQ(alias("SIP/2.0/TLS p1.example.com;branch=z9hG4bKa;alias", PeerProof::none), "none");
}

TEST(Alias, tcp_has_one_by_policy_alone) {
  constexpr std::string_view by_tcp = "SIP/2.0/TCP p1.example.com;branch=z9hG4bKa;alias";
  EXPECT_EQ(alias(by_tcp, PeerProof::certificate, Transport::tcp), "none");
  EXPECT_EQ(alias(by_tcp, PeerProof::by_policy, Transport::tcp), "TCP 192.0.2.1:5060");
}

TEST(Alias, datagrams_and_websockets_have_none) {
  EXPECT_EQ(alias("SIP/2.0/UDP p1.example.com;branch=z9hG4bKa;alias", PeerProof::by_policy,
                  Transport::udp),
            "none");
  EXPECT_EQ(alias("SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKa;alias", PeerProof::by_policy,
                  Transport::wss),
            "none");
}

TEST(Alias, a_via_of_another_transport_than_it_came_by_is_not_believed) {
  EXPECT_EQ(alias("SIP/2.0/TCP p1.example.com;branch=z9hG4bKa;alias"), "none");
}

}  // namespace
}  // namespace sipring::test
