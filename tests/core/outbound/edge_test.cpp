// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/edge.h>

#include "tests/core/outbound/read_message.h"

namespace sipring::test {
namespace {

using Kind = EdgeDecision::Kind;

class Edge : public ReadMessage {
 protected:
  static NetworkAddress at(std::string_view ip, std::uint16_t port) {
    return {*parse_ip_address(ip), port, Transport::tcp};
  }
  // A request that comes from `source`, with a topmost Route of this user part and parameters.
  EdgeDecision decide(const NetworkAddress& source, std::string_view user,
                      std::string_view parameters, std::string_view more = "",
                      std::string_view method = "INVITE") {
    const std::string at_sign = user.empty() ? "" : "@";
    const Message& request = read(
        std::string(method) + " sip:bob@192.0.2.9 SIP/2.0\nVia: SIP/2.0/TCP a;branch=z9hG4bKa\n" +
        "Route: <sip:" + std::string(user) + at_sign + "edge.example" + std::string(parameters) +
        ">\nFrom: <sip:a@example>;tag=1\n" +
        (more.find("To:") == std::string_view::npos ? "To: <sip:b@example>\n" : "") +
        std::string(more));
    const auto route = parse_route(*request.first(HeaderId::route));
    return decide_at_edge(request, *route, Received{.bytes = {}, .source = source}, tokens,
                          [&](const PeerFlow& flow) { return is_alive && flow == client; });
  }

  const PeerFlow client{Flow::of_connection(1, 2, 3), at("192.0.2.9", 40'000)};
  const NetworkAddress core_proxy = at("198.51.100.1", 5060);
  const FlowTokens tokens{{1, 2}, 1};
  const std::string token{tokens.write(client).view()};
  bool is_alive = true;
};

TEST_F(Edge, a_request_to_the_client_leaves_by_its_flow) {
  const EdgeDecision decision = decide(core_proxy, token, ";lr;ob");
  EXPECT_EQ(decision.kind, Kind::incoming);
  EXPECT_EQ(decision.flow, client);
  EXPECT_TRUE(decision.record_route);
}

TEST_F(Edge, within_a_dialog_nothing_is_recorded_again) {
  EXPECT_FALSE(decide(core_proxy, token, ";lr;ob", "To: <sip:b@example>;tag=2\n").record_route);
  EXPECT_FALSE(decide(core_proxy, token, ";lr;ob", "", "MESSAGE").record_route);
  EXPECT_FALSE(decide(core_proxy, token, ";lr").record_route) << "from a Record-Route";
}

TEST_F(Edge, a_request_of_the_client_is_routed_as_ever) {
  const EdgeDecision decision = decide(client.peer, token, ";lr");
  EXPECT_EQ(decision.kind, Kind::outgoing);
  EXPECT_FALSE(decision.record_route);
  EXPECT_TRUE(decide(client.peer, token, ";lr;ob").record_route);
  EXPECT_TRUE(decide(client.peer, token, ";lr", "Contact: <sip:b@192.0.2.9;ob>\n").record_route);
  EXPECT_FALSE(decide(core_proxy, token, ";lr", "Contact: <sip:b@192.0.2.9;ob>\n").record_route);
}

TEST_F(Edge, another_port_of_the_same_host_is_not_the_client) {
  EXPECT_EQ(decide(at("192.0.2.9", 40'001), token, ";lr").kind, Kind::incoming);
}

TEST_F(Edge, a_flow_that_is_gone_is_430) {
  is_alive = false;
  const EdgeDecision decision = decide(core_proxy, token, ";lr;ob");
  EXPECT_EQ(decision.kind, Kind::refuse);
  EXPECT_EQ(decision.status, 430);
}

TEST_F(Edge, a_token_that_was_changed_is_403) {
  std::string changed = token;
  changed[3] = changed[3] == 'A' ? 'B' : 'A';
  const EdgeDecision decision = decide(core_proxy, changed, ";lr;ob");
  EXPECT_EQ(decision.kind, Kind::refuse);
  EXPECT_EQ(decision.status, 403);
}

TEST_F(Edge, a_route_without_token_is_an_ordinary_one) {
  EXPECT_EQ(decide(core_proxy, "", ";lr").kind, Kind::ordinary);
}

TEST_F(Edge, the_first_hop_puts_a_flow_token_into_its_path) {
  const std::string via = "Via: SIP/2.0/TCP 192.0.2.9;branch=z9hG4bKa\n";
  const std::string contact =
      "Contact: <sip:bob@192.0.2.9>;reg-id=1;+sip.instance=\"<urn:uuid:1>\"\n";
  const auto need = [&](const std::string& headers) {
    return path_need(read("REGISTER sip:example.com SIP/2.0\n" + headers));
  };
  EXPECT_EQ(need(via + contact), PathNeed::with_flow_token);
  EXPECT_EQ(need(via + "Contact: <sip:bob@192.0.2.9>\n"), PathNeed::by_policy);
  EXPECT_EQ(need(via + via + contact), PathNeed::by_policy);
  EXPECT_EQ(need("Via: SIP/2.0/TCP a;branch=z9hG4bKa, SIP/2.0/TCP b;branch=z9hG4bKb\n" + contact),
            PathNeed::by_policy);
}

}  // namespace
}  // namespace sipring::test
