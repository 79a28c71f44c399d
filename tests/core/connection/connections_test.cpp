// What comes by connections, and when they end.
// SPDX-License-Identifier: MIT
#include <sipring/core/connection/connections.h>

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/core/connection/connections_fixture.h"

namespace sipring {
namespace {

using test::address_of;
using test::message_of;
using test::milliseconds;
using test::seconds;

class ConnectionsTest : public test::ConnectionsFixture {
 protected:
  const NetworkAddress far = address_of("198.51.100.7", 5060);
};

TEST_F(ConnectionsTest, messages_come_out_wherever_the_stream_is_cut) {
  const std::string stream = message_of("one") + "\r\n\r\n" + message_of("two", 700) +
                             message_of("three") + "\r\n" + message_of("four", 2);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    messages.clear();
    const Flow flow = accept();
    receive(flow, stream.substr(0, cut));
    receive(flow, stream.substr(cut));
    ASSERT_EQ(messages.size(), 4U) << cut;
    ASSERT_EQ(messages[0].text, message_of("one"));
    ASSERT_EQ(messages[1].text, message_of("two", 700));
    ASSERT_EQ(messages[2].text, message_of("three"));
    ASSERT_EQ(messages[3].text, message_of("four", 2));
    ASSERT_EQ(messages[3].flow, flow);
    ASSERT_EQ(written(flow), "\r\n") << "the keep-alive is answered";
    ASSERT_EQ(connections->partials(), 0U) << "an idle connection holds nothing";
    connections->failed(now, flow, CloseReason::reset);
    take_outputs();
    end_all();
  }
  EXPECT_EQ(connections->size(), 0U);
}

TEST_F(ConnectionsTest, a_pong_is_told_and_a_message_is_none) {
  ASSERT_TRUE(send("\r\n\r\n", address_of("198.51.100.7", 5060)));
  const Flow flow = opens.at(0).flow;
  connections->opened(now, flow);
  take_outputs();
  EXPECT_EQ(written(flow), "\r\n\r\n");
  receive(flow, message_of("one"));
  EXPECT_TRUE(pongs.empty());
  receive(flow, "\r");
  receive(flow, "\n");
  EXPECT_EQ(pongs, std::vector<Flow>{flow});
  ASSERT_TRUE(send("\r\n\r\n", address_of("198.51.100.7", 5060)));
  EXPECT_EQ(written(flow), "\r\n\r\n");
  receive(flow, "\r\n");
  EXPECT_EQ(pongs.size(), 2U) << "two answers are no keep-alive of the peer's";
  EXPECT_EQ(written(flow), "");
  receive(flow, "\r\n\r\n");
  EXPECT_EQ(pongs.size(), 2U);
  EXPECT_EQ(written(flow), "\r\n") << "but this is";
}

TEST_F(ConnectionsTest, messages_come_out_octet_by_octet) {
  const Flow flow = accept();
  const std::string stream = message_of("one", 30) + message_of("two");
  for (const char octet : stream) receive(flow, {&octet, 1});
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].text, message_of("one", 30));
  EXPECT_EQ(messages[1].text, message_of("two"));
}

TEST_F(ConnectionsTest, a_head_without_an_end_is_too_large) {
  const Flow flow = accept();
  receive(flow, "OPTIONS sip:bob@example.com SIP/2.0\r\nX: ");
  const std::string more(1'000, 'x');
  for (std::size_t sent = 0; sent <= ConnectionLimits().head_bytes; sent += more.size())
    receive(flow, more);
  (void)written(flow);
  pass(seconds(60));  // it never closes its end
  ASSERT_EQ(ends.size(), 1U) << "cut off";
  connections->ended(now, flow);
  take_outputs();
  const auto of = [&](CloseReason reason) {
    return connections->counters().closed.at(std::to_underlying(reason));
  };
  EXPECT_EQ(of(CloseReason::too_large), 1U);
  EXPECT_EQ(of(CloseReason::malformed), 0U);
}

TEST_F(ConnectionsTest, a_peer_that_says_no_more_still_gets_what_is_queued) {
  const Flow flow = accept();
  receive(flow, message_of("one"));
  ASSERT_TRUE(send("answer", messages.at(0).source, flow));
  connections->closed(now, flow);
  take_outputs();
  EXPECT_TRUE(ends.empty());
  EXPECT_EQ(written(flow), "answer");
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].reason, CloseReason::peer_closed);
}

TEST_F(ConnectionsTest, a_peer_that_does_not_answer_our_end_is_ended) {
  const Flow flow = accept();
  connections->close(now, flow);
  take_outputs();
  pass(seconds(3));
  EXPECT_EQ(ends.size(), 1U);
}

TEST_F(ConnectionsTest, a_peer_that_never_reads_is_bounded_and_closed_and_others_are_not) {
  const Flow slow = accept(40'001);
  const Flow other = accept(40'002);
  receive(slow, message_of("x"));
  const std::string large(60'000, 'x');
  std::uint32_t taken = 0;
  while (send(large, address_of("192.0.2.1", 40'001), slow, taken + 1)) {
    if (++taken == 1) {
      ASSERT_EQ(connections->next_write(), slow);
      (void)gather(slow);
    }
  }
  EXPECT_EQ(send_error, StreamSendError::queue_full);
  EXPECT_EQ(taken, 256 * 1024 / 60'000);
  ASSERT_TRUE(send("y", address_of("192.0.2.1", 40'002), other));
  EXPECT_EQ(written(other), "y");
  pass(seconds(11));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].reason, CloseReason::slow_reader);
  end_all();
  EXPECT_EQ(undelivered.size(), taken);
  EXPECT_EQ(state(other), ConnectionState::open);
}

TEST_F(ConnectionsTest, a_peer_is_not_to_be_read_while_it_does_not_read_its_answers) {
  const Flow flow = accept();
  receive(flow, message_of("one") + "MESSAGE sip:b");
  const NetworkAddress peer = address_of("192.0.2.1", 40'000);
  ASSERT_TRUE(send(std::string(60'000, 'x'), peer, flow));
  EXPECT_FALSE(connections->is_backed_up(flow)) << "within the low mark";
  ASSERT_TRUE(send(std::string(10'000, 'x'), peer, flow));
  EXPECT_TRUE(connections->is_backed_up(flow));
  ASSERT_EQ(connections->next_write(), flow);
  (void)gather(flow);
  for (int i = 0; i < 5; ++i) {  // it reads, slowly
    pass(seconds(9));
    connections->sent(now, flow, 800);
    take_outputs();
    ASSERT_EQ(connections->next_write(), flow);
    (void)gather(flow);
  }
  EXPECT_TRUE(shuts.empty()) << "a message has not ended for 45 s, but nobody has read it";
  connections->sent(now, flow, 10'000);
  EXPECT_FALSE(connections->is_backed_up(flow));
  pass(seconds(9));
  EXPECT_TRUE(shuts.empty());
  (void)written(flow);
  pass(seconds(2));
  EXPECT_EQ(shuts.size(), 1U) << "now it is slow by itself";
}

TEST_F(ConnectionsTest, when_all_queues_are_nearly_full_nobody_who_has_answers_waiting_is_read) {
  ConnectionLimits limits = small();
  limits.sends = 16;
  start(limits);
  const Flow deaf = accept(40'001);
  const Flow other = accept(40'002);
  const Flow idle = accept(40'003);
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(send("x", address_of("192.0.2.1", 40'001), deaf));
  EXPECT_FALSE(connections->is_backed_up(deaf));
  ASSERT_TRUE(send("y", address_of("192.0.2.1", 40'002), other));
  EXPECT_TRUE(connections->is_backed_up(deaf) && connections->is_backed_up(other));
  EXPECT_FALSE(connections->is_backed_up(idle));
}

TEST_F(ConnectionsTest, progress_keeps_a_slow_reader) {
  const Flow flow = accept();
  receive(flow, message_of("x"));
  ASSERT_TRUE(send(std::string(50'000, 'x'), address_of("192.0.2.1", 40'000), flow));
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(connections->next_write(), flow);
    (void)gather(flow);
    pass(seconds(8));
    connections->sent(now, flow, 10'000);
    take_outputs();
  }
  EXPECT_TRUE(ends.empty());
}

TEST_F(ConnectionsTest, a_message_that_never_ends_is_cut_however_busy_its_peer_is) {
  const Flow flow = accept();
  receive(flow, message_of("one") + "MESSAGE sip:b");
  for (int i = 0; i < 12 && shuts.empty(); ++i) {
    pass(seconds(1));
    receive(flow, "x");
  }
  EXPECT_EQ(shuts.size(), 1U);
  pass(seconds(3));
  end_all();
  EXPECT_EQ(closed(CloseReason::message_timeout), 1U);
  EXPECT_EQ(connections->partials(), 0U);
}

TEST_F(ConnectionsTest, who_never_says_anything_and_who_has_nothing_more_to_say_is_closed) {
  const Flow silent = accept(40'001);
  const Flow idle = accept(40'002);
  receive(idle, message_of("one"));
  pass(seconds(31));
  EXPECT_EQ(state(silent), ConnectionState::closing);
  EXPECT_EQ(state(idle), ConnectionState::open);
  pass(seconds(15 * 60 - 32));
  EXPECT_EQ(state(idle), ConnectionState::open);
  pass(seconds(3));
  EXPECT_EQ(state(idle), ConnectionState::closing);
  pass(seconds(3));
  end_all();
  EXPECT_EQ(closed(CloseReason::no_first_message), 1U);
  EXPECT_EQ(closed(CloseReason::idle), 1U);
}

TEST_F(ConnectionsTest, octets_in_which_no_message_can_be_found_end_their_connection) {
  const Flow flow = accept();
  receive(flow, "MESSAGE sip:b SIP/2.0\r\nContent-Length: many\r\n\r\n" + message_of("never"));
  EXPECT_TRUE(messages.empty());
  EXPECT_EQ(state(flow), ConnectionState::closing);
  receive(flow, message_of("never"));
  EXPECT_TRUE(messages.empty());
}

TEST_F(ConnectionsTest, a_message_above_the_limit_ends_its_connection_before_it_is_there) {
  ConnectionLimits limits = small();
  limits.message_bytes = 1'000;
  start(limits);
  const Flow flow = accept();
  receive(flow, message_of("x", 1'000).substr(0, 100));
  EXPECT_EQ(state(flow), ConnectionState::closing);
  EXPECT_EQ(connections->partials(), 0U);
}

TEST_F(ConnectionsTest, when_there_is_no_room_the_oldest_partial_makes_way) {
  ConnectionLimits limits = small();
  limits.partial_bytes = 256 * 1024;  // one chunk: three buffers of the largest size
  start(limits);
  std::vector<Flow> flows;
  for (std::uint16_t i = 0; i < 4; ++i) {
    flows.push_back(accept(static_cast<std::uint16_t>(40'001 + i)));
    receive(flows.back(), message_of("x", 60'000).substr(0, 200));
    pass(milliseconds(10));
  }
  EXPECT_EQ(state(flows[0]), ConnectionState::closing);
  EXPECT_EQ(state(flows[3]), ConnectionState::open);
  pass(seconds(3));
  end_all();
  EXPECT_EQ(closed(CloseReason::no_room), 1U);
}

TEST_F(ConnectionsTest, there_are_as_many_as_the_limit_says) {
  for (std::uint16_t i = 0; i < 64; ++i) ASSERT_TRUE(accept(static_cast<std::uint16_t>(1'000 + i)));
  EXPECT_FALSE(accept());
  EXPECT_EQ(refusal, AcceptRefusal::full);
  EXPECT_FALSE(send("x", far));
  EXPECT_EQ(send_error, StreamSendError::full);
}

TEST_F(ConnectionsTest, a_source_has_as_many_as_its_limits_say) {
  ConnectionLimits limits = small();
  limits.source.connections = 3;
  limits.source.handshakes = 2;
  start(limits);
  std::vector<Flow> flows;
  for (std::uint16_t i = 0; i < 3; ++i)
    flows.push_back(accept(static_cast<std::uint16_t>(1'000 + i)));
  EXPECT_FALSE(accept());
  EXPECT_EQ(refusal, AcceptRefusal::source_connections);
  EXPECT_TRUE(accept(1, Transport::tcp, "192.0.2.2")) << "another source";
  connections->failed(now, flows[0], CloseReason::reset);
  take_outputs();
  end_all();
  EXPECT_TRUE(accept());
  for (std::uint16_t i = 0; i < 2; ++i) EXPECT_TRUE(accept(i, Transport::tls, "192.0.2.3"));
  EXPECT_FALSE(accept(9, Transport::tls, "192.0.2.3"));
  EXPECT_EQ(refusal, AcceptRefusal::source_handshakes);
}

TEST_F(ConnectionsTest, a_source_that_comes_too_often_or_breaks_rules_is_refused_for_a_while) {
  ConnectionLimits limits = small();
  limits.source.new_per_second = 10;
  limits.source.offences_per_minute = 6;
  start(limits);
  std::uint32_t taken = 0;
  for (std::uint16_t i = 0; i < 40; ++i)
    taken += accept(static_cast<std::uint16_t>(1'000 + i), Transport::tcp, "192.0.2.9") ? 1 : 0;
  EXPECT_EQ(taken, 20U) << "a burst of two seconds";
  EXPECT_EQ(refusal, AcceptRefusal::source_rate);

  for (int i = 0; i < 10; ++i) {
    pass(milliseconds(200));
    const Flow flow = accept();
    if (!flow) break;
    receive(flow, "MESSAGE sip:b SIP/2.0\r\nContent-Length: x\r\n\r\n");
    connections->failed(now, flow, CloseReason::reset);
    take_outputs();
    end_all();
  }
  EXPECT_FALSE(accept());
  EXPECT_EQ(refusal, AcceptRefusal::banned);
  EXPECT_EQ(connections->counters().bans, 1U);
  pass(seconds(61));
  EXPECT_TRUE(accept()) << "bans expire";
}

TEST_F(ConnectionsTest, a_source_that_sends_too_much_is_cut) {
  ConnectionLimits limits = small();
  limits.source.messages_per_second = 5;
  start(limits);
  const Flow flow = accept();
  for (int i = 0; i < 8; ++i) receive(flow, message_of(std::to_string(i)));
  EXPECT_EQ(messages.size(), 5U);
  EXPECT_EQ(state(flow), ConnectionState::closing);
}

TEST_F(ConnectionsTest, what_is_told_of_a_connection_that_was_there_before_is_no_news) {
  const Flow first = accept();
  connections->failed(now, first, CloseReason::reset);
  take_outputs();
  end_all();
  const Flow second = accept();
  ASSERT_EQ(second.slot, first.slot);
  receive(first, message_of("late"));
  connections->closed(now, first);
  connections->failed(now, first, CloseReason::reset);
  connections->ended(now, first);
  connections->sent(now, first, 10);
  take_outputs();
  EXPECT_TRUE(messages.empty());
  EXPECT_EQ(state(second), ConnectionState::open);
}

TEST_F(ConnectionsTest, behind_a_proxy_the_source_is_who_the_header_says) {
  const auto flow = connections->accept(now, {.peer = address_of("10.0.0.1", 1'111),
                                              .listener = Flow::of_listener(1),
                                              .upgrade = nullptr,
                                              .is_proxied = true});
  ASSERT_TRUE(flow);
  std::string header("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c", 16);
  header += std::string("\xc0\x00\x02\x63\xc6\x33\x64\x07\xdc\x04\x13\xc4", 12);
  const std::string stream = header + message_of("one");
  for (const char octet : stream) receive(*flow, {&octet, 1});
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].source, address_of("192.0.2.99", 0xdc04));
}

}  // namespace
}  // namespace sipring
