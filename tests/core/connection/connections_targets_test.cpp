// Which connection a message leaves by: found again, opened, or gone (RFC 3261 section 18, RFC
// 5923).
// SPDX-License-Identifier: MIT
#include <sipring/core/connection/connections.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/core/connection/connections_fixture.h"

namespace sipring {
namespace {

using test::address_of;
using test::message_of;
using test::milliseconds;
using test::seconds;

class ConnectionTargetsTest : public test::ConnectionsFixture {
 protected:
  const NetworkAddress far = address_of("198.51.100.7", 5060);
  static constexpr std::string_view response = "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n";
};

TEST_F(ConnectionTargetsTest, a_burst_opens_one_connection_and_leaves_in_one_piece) {
  std::string wanted;
  for (std::uint32_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(send(message_of(std::to_string(i)), far, Flow{}, i + 1));
    wanted += message_of(std::to_string(i));
  }
  ASSERT_EQ(opens.size(), 1U);
  EXPECT_EQ(opens[0].peer, far);
  EXPECT_EQ(connections->next_write(), std::nullopt) << "it is not open yet";
  connections->opened(now, opens[0].flow);
  take_outputs();
  EXPECT_EQ(connections->next_write(), opens[0].flow);
  EXPECT_EQ(gather(opens[0].flow), wanted);
  ASSERT_TRUE(send(message_of("later"), far));
  EXPECT_EQ(connections->next_write(), std::nullopt) << "one send at a time";
  connections->sent(now, opens[0].flow, 100);
  EXPECT_EQ(written(opens[0].flow), wanted.substr(100) + message_of("later"));
  EXPECT_EQ(connections->waiting_sends(), 0U);
}

TEST_F(ConnectionTargetsTest, requests_to_its_alias_leave_by_the_connection_that_the_peer_opened) {
  const Flow flow = accept(40'000, Transport::tcp, "198.51.100.7");
  ASSERT_TRUE(connections->trust_alias(flow, {far}));
  EXPECT_FALSE(connections->trust_alias(flow, {address_of("198.51.100.7", 5062)})) << "it has one";
  ASSERT_TRUE(send(message_of("one"), far));
  EXPECT_EQ(written(flow), message_of("one"));
  EXPECT_TRUE(opens.empty());
  connections->failed(now, flow, CloseReason::reset);
  take_outputs();
  EXPECT_FALSE(connections->trust_alias(flow, {far})) << "it has ended";
  ASSERT_TRUE(send(message_of("two"), far));
  ASSERT_EQ(opens.size(), 1U) << "at once: an end is no failure to connect";
  EXPECT_EQ(opens[0].peer, far);
}

TEST_F(ConnectionTargetsTest, an_alias_is_of_its_domain_alone_and_takes_nobodys_place) {
  const Flow flow = accept(40'000, Transport::tcp, "198.51.100.7");
  ASSERT_TRUE(connections->trust_alias(flow, {far, "example.net"}));
  ASSERT_TRUE(send(message_of("one"), far));  // of no domain
  ASSERT_EQ(opens.size(), 1U);
  const Flow other = accept(40'001, Transport::tcp, "198.51.100.7");
  EXPECT_FALSE(connections->trust_alias(other, {far, "example.net"})) << "the first one keeps it";
  EXPECT_FALSE(connections->trust_alias(other, {far})) << "we have a connection of our own";
}

// RFC 5923 section 8.2.
class Certificates : public PeerIdentities {
 public:
  Certificates(Flow flow, std::vector<std::string_view> domains)
      : flow_(flow), domains_(std::move(domains)) {}
  [[nodiscard]] bool is_authenticated_as(Flow flow, std::string_view domain) const override {
    const bool is_named = std::ranges::find(domains_, domain) != domains_.end();
    return flow == flow_ && (is_named || domain.empty());
  }

 private:
  Flow flow_;
  std::vector<std::string_view> domains_;
};

TEST_F(ConnectionTargetsTest, an_alias_with_a_certificate_is_of_all_its_domains_and_of_no_other) {
  const NetworkAddress by_tls = address_of("198.51.100.7", 5061, Transport::tls);
  const Flow flow = accept(40'000, Transport::tls, "198.51.100.7");
  connections->secured(now, flow);
  ASSERT_TRUE(connections->add_alias(flow, by_tls));
  EXPECT_NE(connections->towards(now, {by_tls, "a.example"}), flow) << "nobody knows";
  const Certificates certificates(flow, {"b.example", "c.example"});
  connections->ask(certificates);
  for (const std::string_view domain : {"b.example", "c.example", ""})
    EXPECT_EQ(connections->towards(now, {by_tls, domain}), flow) << domain;
  EXPECT_NE(connections->towards(now, {by_tls, "d.example"}), flow);
  EXPECT_NE(connections->towards(now, {by_tls, "b.example", 1}), flow) << "one of several";
  connections->close(now, flow);
  EXPECT_NE(connections->towards(now, {by_tls, "c.example"}), flow);
}

TEST_F(ConnectionTargetsTest, an_alias_does_not_take_the_place_of_a_connection_of_ours) {
  const NetworkAddress by_tls = address_of("198.51.100.7", 5061, Transport::tls);
  ASSERT_TRUE(connections->towards(now, {by_tls}));
  const Flow flow = accept(40'000, Transport::tls, "198.51.100.7");
  connections->secured(now, flow);
  EXPECT_FALSE(connections->add_alias(flow, by_tls));
}

TEST_F(ConnectionTargetsTest,
       what_waits_for_a_refused_connection_is_told_once_and_the_next_try_waits) {
  ASSERT_TRUE(send("a", far, Flow{}, 1));
  ASSERT_TRUE(send("b", far, Flow{}, 2));
  connections->failed(now, opens.at(0).flow, CloseReason::refused);
  take_outputs();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].reason, CloseReason::refused);
  EXPECT_TRUE(undelivered.empty()) << "not while io may hold the octets";
  end_all();
  EXPECT_EQ(undelivered, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(connections->size(), 0U);
  EXPECT_EQ(closed(CloseReason::refused), 1U);

  ASSERT_TRUE(send("c", far, Flow{}, 3));
  EXPECT_EQ(opens.size(), 1U);
  pass(milliseconds(240));
  EXPECT_EQ(opens.size(), 1U) << "at least half of the back-off has to pass";
  pass(milliseconds(300));
  ASSERT_EQ(opens.size(), 2U);
  connections->opened(now, opens[1].flow);
  take_outputs();
  EXPECT_EQ(written(opens[1].flow), "c");
}

// Refused, a black hole, and one that accepts and never speaks TLS.
TEST_F(ConnectionTargetsTest, fifty_targets_that_are_of_no_use_hold_nobody_up) {
  const Flow other = accept();
  receive(other, message_of("one"));
  std::vector<std::uint32_t> told;
  for (std::uint16_t i = 0; i < 50; ++i) {
    const Transport transport = i % 3 == 2 ? Transport::tls : Transport::tcp;
    ASSERT_TRUE(
        send(message_of("x"), address_of("198.51.100.7", 6'000 + i, transport), {}, i + 1U));
    told.push_back(i + 1U);
  }
  ASSERT_EQ(opens.size(), 50U);
  for (std::uint16_t i = 0; i < 50; ++i) {
    if (i % 3 == 0) connections->failed(now, opens[i].flow, CloseReason::refused);
    if (i % 3 == 2) connections->opened(now, opens[i].flow);
    take_outputs();
  }
  ASSERT_TRUE(send("answer", messages.at(0).source, other));
  EXPECT_EQ(written(other), "answer") << "at once";
  pass(seconds(11));
  end_all();
  EXPECT_EQ(closed(CloseReason::refused), 17U);
  EXPECT_EQ(closed(CloseReason::connect_timeout), 17U);
  EXPECT_EQ(closed(CloseReason::handshake_timeout), 16U);
  std::ranges::sort(undelivered);
  EXPECT_EQ(undelivered, told) << "each once";
  EXPECT_EQ(connections->size(), 1U);
  EXPECT_EQ(connections->waiting_sends(), 0U);
}

TEST_F(ConnectionTargetsTest, every_message_of_a_connection_that_is_lost_is_told_once) {
  const Flow flow = accept(40'000, Transport::tcp, "198.51.100.7");
  receive(flow, message_of("one"));
  for (std::uint32_t i = 1; i <= 5; ++i)
    ASSERT_TRUE(send(std::string(100, 'x'), messages.at(0).source, flow, i));
  ASSERT_EQ(connections->next_write(), flow);
  (void)gather(flow);
  connections->sent(now, flow, 250);  // two, and a half
  ASSERT_EQ(connections->next_write(), flow);
  (void)gather(flow);
  connections->failed(now, flow, CloseReason::reset);
  connections->failed(now, flow, CloseReason::reset);
  take_outputs();
  EXPECT_TRUE(undelivered.empty()) << "not while io may hold the octets";
  end_all();
  end_all();
  connections->ended(now, flow);
  take_outputs();
  EXPECT_EQ(undelivered, (std::vector<std::uint32_t>{3, 4, 5}));
  EXPECT_FALSE(send(std::string(100, 'x'), address_of("198.51.100.7", 0), flow, 6))
      << "a later one fails at once";
  EXPECT_EQ(connections->waiting_sends(), 0U);
}

TEST_F(ConnectionTargetsTest, who_would_wait_too_long_is_told_at_once) {
  for (int i = 0; i < 8; ++i) {
    pass(seconds(31));
    ASSERT_TRUE(send("x", far)) << i;
    connections->failed(now, opens.at(0).flow, CloseReason::refused);
    take_outputs();
    end_all();
    opens.clear();
  }
  EXPECT_FALSE(send("x", far));
  EXPECT_EQ(send_error, StreamSendError::backing_off);
}

TEST_F(ConnectionTargetsTest, a_connection_that_does_not_open_in_time_is_given_up) {
  ASSERT_TRUE(send("a", far, Flow{}, 1));
  pass(seconds(11));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].reason, CloseReason::connect_timeout);
  end_all();
  EXPECT_EQ(undelivered, std::vector<std::uint32_t>{1});
}

TEST_F(ConnectionTargetsTest, a_response_leaves_by_the_connection_of_its_request) {
  const Flow flow = accept(41'234);
  receive(flow, message_of("one"));
  ASSERT_TRUE(send("SIP/2.0 200 OK\r\n\r\n", messages.at(0).source, messages[0].flow));
  EXPECT_TRUE(opens.empty());
  EXPECT_EQ(written(flow), "SIP/2.0 200 OK\r\n\r\n");
}

// What response_route() gives for its second choice.
TEST_F(ConnectionTargetsTest, a_response_whose_connection_is_gone_goes_to_its_destination) {
  const Flow flow = accept(41'234);
  connections->failed(now, flow, CloseReason::reset);
  take_outputs();
  end_all();
  ASSERT_TRUE(send(response, address_of("192.0.2.1", 5070), flow));
  ASSERT_EQ(opens.size(), 1U);
  EXPECT_EQ(opens[0].peer, address_of("192.0.2.1", 5070));
  for (const Transport transport : {Transport::tcp, Transport::ws}) {
    EXPECT_FALSE(send(response, address_of("192.0.2.1", 0, transport), flow)) << "nobody listens";
    EXPECT_EQ(send_error, StreamSendError::stale);
  }
  EXPECT_EQ(opens.size(), 1U);
}

TEST_F(ConnectionTargetsTest, a_request_for_a_connection_that_is_gone_opens_no_other) {
  const Flow flow = accept();
  connections->failed(now, flow, CloseReason::reset);
  take_outputs();
  end_all();
  EXPECT_FALSE(send(message_of("x"), far, flow));
  EXPECT_TRUE(opens.empty());
}

TEST_F(ConnectionTargetsTest, connections_to_one_address_differ_by_transport_domain_and_number) {
  const NetworkAddress by_tls = address_of("198.51.100.7", 5060, Transport::tls);
  ASSERT_TRUE(send("a", far));
  EXPECT_EQ(connections->towards(now, {far}), opens.at(0).flow);
  std::vector<Flow> flows;
  for (const ConnectionTarget& target : {ConnectionTarget{by_tls},
                                         {by_tls, "a.example"},
                                         {by_tls, "b.example"},
                                         {by_tls, "b.example", 1}}) {
    flows.push_back(connections->towards(now, target).value());
    take_outputs();
  }
  EXPECT_EQ(opens.size(), 5U);
  EXPECT_EQ(connections->towards(now, {by_tls, "B.Example", 1}), flows.back()) << "no case";
  EXPECT_EQ(std::as_const(*connections).find(flows[1])->domain(), "a.example")
      << "for TLS, when it has connected";
}

TEST_F(ConnectionTargetsTest, what_leaves_towards_a_domain_never_leaves_by_another_connection) {
  const NetworkAddress by_tls = address_of("198.51.100.7", 5060, Transport::tls);
  const Flow flow_to_domain = connections->towards(now, {by_tls, "a.example"}).value();
  take_outputs();
  ASSERT_TRUE(send(message_of("one"), by_tls, flow_to_domain, 1));
  connections->opened(now, flow_to_domain);
  connections->failed(now, flow_to_domain, CloseReason::handshake_failed);
  take_outputs();
  end_all();
  EXPECT_EQ(undelivered, (std::vector<std::uint32_t>{1}));
  EXPECT_FALSE(send(message_of("two"), by_tls, flow_to_domain)) << "whoever is there is not it";
  EXPECT_EQ(opens.size(), 1U);
  EXPECT_EQ(connections->partials(), 0U) << "its domain is given back";
}

TEST_F(ConnectionTargetsTest, a_connection_that_starts_to_close_is_not_found_any_more) {
  ASSERT_TRUE(send("a", far));
  connections->opened(now, opens.at(0).flow);
  take_outputs();
  EXPECT_EQ(written(opens[0].flow), "a");
  connections->close(now, opens[0].flow);
  take_outputs();
  EXPECT_EQ(shuts.size(), 1U);
  EXPECT_EQ(state(opens[0].flow), ConnectionState::closing);
  ASSERT_TRUE(send("b", far));
  EXPECT_EQ(opens.size(), 2U);
  connections->closed(now, opens[0].flow);
  take_outputs();
  ASSERT_EQ(ends.size(), 1U) << "both sides have said all";
  EXPECT_EQ(ends[0].reason, CloseReason::local);
}

}  // namespace
}  // namespace sipring
