// WebSockets of RFC 7118 as connections.
// SPDX-License-Identifier: MIT
#include <sipring/core/connection/connections.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/connection/connections_fixture.h"
#include "tests/core/stream/websocket_reading.h"

namespace sipring {
namespace {

using test::address_of;
using test::frame;
using test::message_of;
using test::milliseconds;
using test::seconds;
using test::Sending;

const std::string request =
    "GET / HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n";

class WebSocketConnections : public test::ConnectionsFixture {
 protected:
  Flow accept_websocket() { return accept(40'000, Transport::ws); }
  Flow upgraded() {
    const Flow flow = accept_websocket();
    receive(flow, request);
    EXPECT_TRUE(written(flow).starts_with("HTTP/1.1 101 "));
    return flow;
  }
  // What a server has written, as its client hears it.
  static std::vector<test::Heard> heard(std::string_view octets) {
    return test::hear(WebSocket(WebSocketRole::client), octets, octets.size());
  }
};

TEST_F(WebSocketConnections, come_up_and_carry_messages_wherever_the_octets_are_cut) {
  const std::string stream = request + frame(message_of("one")) +
                             frame("MESSAGE sip:", {Opcode::text, false}) +
                             frame("now", {Opcode::ping, true}) +
                             frame("b SIP/2.0\r\n\r\n", {Opcode::continuation, true}) +
                             frame("\r\n\r\n") + frame(message_of("two", 300));
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    messages.clear();
    const Flow flow = accept_websocket();
    receive(flow, stream.substr(0, cut));
    std::string out = written(flow);
    receive(flow, stream.substr(cut));
    out += written(flow);
    ASSERT_EQ(messages.size(), 3U) << cut;
    ASSERT_EQ(messages[0].text, message_of("one"));
    ASSERT_EQ(messages[1].text, "MESSAGE sip:b SIP/2.0\r\n\r\n");
    ASSERT_EQ(messages[2].text, message_of("two", 300));
    const std::size_t head = out.find("\r\n\r\n") + 4;
    const auto answers = heard(std::string_view(out).substr(head));
    ASSERT_EQ(answers.size(), 2U) << cut;
    ASSERT_EQ(answers[0].kind, WebSocket::Kind::pong);
    ASSERT_EQ(answers[0].text, "now");
    ASSERT_EQ(answers[1].text, "\r\n") << "the keep-alive of RFC 5626";
    ASSERT_EQ(connections->partials(), 0U);
    connections->failed(now, flow, CloseReason::reset);
    take_outputs();
    end_all();
  }
  EXPECT_EQ(connections->size(), 0U);
}

TEST_F(WebSocketConnections, take_a_pong_in_a_message_or_a_frame) {
  const Flow flow = upgraded();
  for (const std::string& pong : {frame("\r\n"), frame("", {Opcode::pong, true})}) {
    ASSERT_TRUE(send("\r\n\r\n", address_of("192.0.2.1", 40'000, Transport::ws), flow));
    receive(flow, pong + pong);
  }
  EXPECT_EQ(pongs, (std::vector<Flow>{flow, flow})) << "once each";
  receive(flow, frame(message_of("one")));
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].text, message_of("one"));
}

TEST_F(WebSocketConnections, answer_in_frames_of_their_own) {
  const Flow flow = upgraded();
  const std::string large(70'000 / 2, 'x');
  for (const std::string& text : {std::string("short"), std::string(200, 'y'), large})
    ASSERT_TRUE(send(text, address_of("192.0.2.1", 40'000, Transport::ws), flow));
  const auto answers = heard(written(flow));
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].text, "short");
  EXPECT_EQ(answers[1].text, std::string(200, 'y'));
  EXPECT_EQ(answers[2].text, large);
}

TEST_F(WebSocketConnections, that_are_refused_get_their_answer_and_end) {
  const Flow flow = accept_websocket();
  receive(flow, "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
  EXPECT_TRUE(written(flow).starts_with("HTTP/1.1 426 "));
  EXPECT_EQ(shuts.size(), 1U);
  connections->closed(now, flow);
  take_outputs();
  end_all();
  EXPECT_EQ(closed(CloseReason::upgrade_refused), 1U);
}

TEST_F(WebSocketConnections, that_never_come_up_are_given_up) {
  const Flow flow = accept_websocket();
  receive(flow, request.substr(0, 40));
  pass(seconds(11));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].reason, CloseReason::handshake_timeout);
  end_all();
  EXPECT_EQ(connections->partials(), 0U);
  EXPECT_EQ(state(flow), ConnectionState::gone);
}

TEST_F(WebSocketConnections, that_are_closed_by_their_peer_say_so_and_end) {
  const Flow flow = upgraded();
  receive(flow, frame("\x03\xe8", {Opcode::close, true}));
  const auto answers = heard(written(flow));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].kind, WebSocket::Kind::close);
  EXPECT_EQ(answers[0].code, CloseCode::normal);
  EXPECT_EQ(shuts.size(), 1U);
  pass(seconds(3));
  end_all();
  EXPECT_EQ(closed(CloseReason::websocket_closed), 1U);
}

TEST_F(WebSocketConnections, that_break_a_rule_hear_which_number) {
  const Flow flow = upgraded();
  receive(flow, frame("x", {}, WebSocketRole::client));  // unmasked
  const auto answers = heard(written(flow));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].code, CloseCode::protocol_error);
  EXPECT_EQ(state(flow), ConnectionState::closing);
}

TEST_F(WebSocketConnections, that_we_open_ask_first_and_mask_what_waited) {
  const NetworkAddress server = address_of("198.51.100.7", 8080, Transport::ws);
  ASSERT_TRUE(send(message_of("one"), server));
  ASSERT_TRUE(send(message_of("two"), server));
  ASSERT_EQ(opens.size(), 1U);
  const Flow flow = opens[0].flow;
  connections->opened(now, flow);
  take_outputs();
  const std::string asked = written(flow);
  EXPECT_TRUE(asked.ends_with("\r\n\r\n"));
  std::array<char, UpgradeServer::answer_bytes> room{};
  UpgradeServer upgrade(policy);
  const UpgradeStep step = upgrade.next(asked, room);
  ASSERT_EQ(step.kind, UpgradeStep::Kind::accepted);
  EXPECT_NE(asked.find("Host: 198.51.100.7:8080\r\n"), asked.npos);

  receive(flow, std::string(step.answer) +
                    frame(message_of("from there"), {Opcode::binary, true}, WebSocketRole::client));
  EXPECT_EQ(messages.at(0).text, message_of("from there"));
  const std::string octets = written(flow);
  const auto said = test::hear(WebSocket(WebSocketRole::server), octets, octets.size());
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0].text, message_of("one"));
  EXPECT_EQ(said[1].text, message_of("two"));
  EXPECT_EQ(connections->partials(), 0U);
}

TEST_F(WebSocketConnections, that_a_server_does_not_want_tell_what_waited) {
  ASSERT_TRUE(send("x", address_of("198.51.100.7", 8080, Transport::ws), Flow{}, 5));
  connections->opened(now, opens.at(0).flow);
  take_outputs();
  (void)written(opens[0].flow);
  receive(opens[0].flow, "HTTP/1.1 403 Forbidden\r\n\r\n");
  pass(seconds(3));
  end_all();
  EXPECT_EQ(undelivered, std::vector<std::uint32_t>{5});
  EXPECT_EQ(closed(CloseReason::upgrade_refused), 1U);
}

// Half an upgrade, half a frame, half a message.
TEST_F(WebSocketConnections, of_which_a_hundred_stop_halfway_harm_nobody_and_are_cut) {
  ConnectionLimits limits = small();
  limits.connections = 128;
  limits.source.offences_per_minute = 0;
  start(limits);
  const Flow other = upgraded();
  for (int i = 0; i < 100; ++i) {
    const Flow flow = accept_websocket();
    receive(flow, i % 3 == 0 ? request.substr(0, 60) : request);
    (void)written(flow);
    if (i % 3 == 1) receive(flow, frame(message_of("never")).substr(0, 30));
    if (i % 3 == 2) receive(flow, frame("MESSAGE sip:", {Opcode::text, false}));
  }
  receive(other, frame(message_of("one")));
  ASSERT_EQ(messages.size(), 1U);
  ASSERT_TRUE(send("answer", messages[0].source, other));
  EXPECT_EQ(heard(written(other)).at(0).text, "answer");
  pass(seconds(11));
  while (connections->next_write()) {
  }
  pass(seconds(3));
  end_all();
  EXPECT_EQ(closed(CloseReason::handshake_timeout), 34U);
  EXPECT_EQ(closed(CloseReason::message_timeout), 66U);
  EXPECT_EQ(state(other), ConnectionState::open);
  EXPECT_EQ(connections->partials(), 0U);
}

TEST_F(WebSocketConnections, ten_thousand_that_end_in_every_state_leave_nothing_behind) {
  ConnectionLimits limits = small();
  limits.source.new_per_second = 0;
  limits.source.offences_per_minute = 0;
  limits.backoff = limits.longest_backoff = milliseconds(1);
  start(limits);
  const NetworkAddress server = address_of("198.51.100.7", 8080, Transport::ws);
  for (int i = 0; i < 10'000; ++i) {
    Flow flow;
    if (i % 2 == 0) {
      flow = accept_websocket();
      if (i % 4 != 0) receive(flow, request);
      if (i % 8 == 6) receive(flow, frame("MESSAGE sip:", {Opcode::text, false}));
      if (i % 16 == 10) receive(flow, frame("\x03\xe8", {Opcode::close, true}));
    } else {  // as a client
      ASSERT_TRUE(send(message_of("x"), server)) << i;
      ASSERT_EQ(opens.size(), 1U) << i;
      flow = opens[0].flow;
      opens.clear();
      if (i % 4 == 1) connections->opened(now, flow);
      take_outputs();
    }
    if (i % 3 == 0) (void)written(flow);
    if (i % 5 == 0) {
      connections->closed(now, flow);
    } else if (i % 5 == 1) {
      connections->close(now, flow);
    } else {
      connections->failed(now, flow, CloseReason::reset);
    }
    take_outputs();
    pass(seconds(3));
    end_all();
    ASSERT_EQ(connections->size(), 0U) << i;
    ASSERT_EQ(connections->waiting_sends(), 0U) << i;
    ASSERT_EQ(connections->partials(), 0U) << i;
  }
  EXPECT_EQ(connections->counters().open, 0U);
  EXPECT_EQ(connections->counters().all_closed(), 10'000U);
}

TEST_F(WebSocketConnections, that_are_gone_get_no_answer_and_nothing_is_opened_for_it) {
  const Flow flow = upgraded();
  receive(flow, frame(message_of("one")));
  connections->failed(now, flow, CloseReason::reset);
  take_outputs();
  end_all();
  // Where response_route() sends what has a .invalid Via: nowhere else.
  EXPECT_FALSE(send("SIP/2.0 200 OK\r\n\r\n", address_of("192.0.2.1", 0, Transport::ws), flow));
  EXPECT_EQ(send_error, StreamSendError::stale);
  EXPECT_TRUE(opens.empty());
}

}  // namespace
}  // namespace sipring
