// What an engine counts of what it did.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <numeric>
#include <utility>

#include "tests/support/engine_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string counted_invite = sip(R"(
INVITE sip:bob@192.0.2.9 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1
Max-Forwards: 70
From: <sip:alice@example.com>;tag=a1
To: <sip:bob@example.com>
Call-ID: c1@192.0.2.1
CSeq: 7 INVITE
Content-Length: 0

)");

std::string counted(std::string_view method) {
  std::string text = replaced(counted_invite, "INVITE sip", std::string(method) + " sip");
  return replaced(text, "7 INVITE", "7 " + std::string(method));
}

class EngineCounters : public EngineFixture {
 protected:
  void answer(std::uint16_t status) {
    ASSERT_TRUE(engine.respond(now, requests.back(), {.status = status}));
    take_outputs();
  }
  void send(std::string_view method) {
    const std::string cseq = "1 " + std::string(method);
    const HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                  {"To", "<sip:bob@example.com>"},
                                  {"Call-ID", "c1"},
                                  {"CSeq", cseq}};
    ASSERT_TRUE(engine.send(now, {.method = method,
                                  .request_uri = "sip:bob@192.0.2.9",
                                  .headers = headers,
                                  .destination = address("192.0.2.9", 5060),
                                  .sent_by = "192.0.2.1:5062"}));
    take_outputs();
  }
  static std::string response_to(const std::string& request, std::string_view status_line) {
    return "SIP/2.0 " + std::string(status_line) + "\r\nVia: " + header_of(request, "Via") +
           "\r\nFrom: " + header_of(request, "From") + "\r\nTo: " + header_of(request, "To") +
           ";tag=b1\r\nCall-ID: " + header_of(request, "Call-ID") +
           "\r\nCSeq: " + header_of(request, "CSeq") + "\r\nContent-Length: 0\r\n\r\n";
  }
  const DurationHistogram& durations(TransactionKind kind) {
    return engine.counters().durations[std::to_underlying(kind)];
  }
  static std::uint64_t all(const Traffic& traffic) {
    return std::accumulate(traffic.requests.begin(), traffic.requests.end(), std::uint64_t{0}) +
           std::accumulate(traffic.responses.begin(), traffic.responses.end(), std::uint64_t{0});
  }
};

TEST_F(EngineCounters, tell_messages_by_direction_method_and_class) {
  receive(counted_invite);
  answer(180);
  answer(486);
  receive(counted("ACK"));
  send("MESSAGE");
  receive(response_to(sent.back().text, "202 Accepted"));
  const Counters& counters = engine.counters();
  EXPECT_EQ(counters.received[Method::invite], 1u);
  EXPECT_EQ(counters.received[Method::ack], 1u);
  EXPECT_EQ(counters.received.responses[2], 1u);
  EXPECT_EQ(counters.sent[Method::message], 1u);
  EXPECT_EQ(counters.sent.responses[1], 1u);
  EXPECT_EQ(counters.sent.responses[4], 1u);
  EXPECT_EQ(all(counters.received), counters.messages_received);
  EXPECT_EQ(all(counters.sent), counters.messages_sent);
  EXPECT_EQ(sent.size(), counters.messages_sent);
}

TEST_F(EngineCounters, tell_how_long_a_server_transaction_took_to_its_final_response) {
  receive(counted_invite);
  advance(seconds(2));
  answer(180);
  EXPECT_EQ(durations(TransactionKind::invite_server).count(), 0u);
  advance(seconds(1));
  answer(200);
  const DurationHistogram& counted = durations(TransactionKind::invite_server);
  ASSERT_EQ(counted.count(), 1u);
  EXPECT_NEAR(static_cast<double>(counted.sum().count()), 3e9, 5e3);
  ASSERT_TRUE(engine.repeat_response(now, requests.back()));
  take_outputs();
  EXPECT_EQ(counted.count(), 1u);
}

TEST_F(EngineCounters, tell_how_long_a_client_transaction_waited_for_its_final_response) {
  for (const auto& [method, kind] : {std::pair{"INVITE", TransactionKind::invite_client},
                                     std::pair{"OPTIONS", TransactionKind::client}}) {
    send(method);
    const std::string request = sent.back().text;
    advance(milliseconds(300));
    receive(response_to(request, "180 Ringing"));
    EXPECT_EQ(durations(kind).count(), 0u);
    advance(milliseconds(400));
    for (int i = 0; i < 2; ++i) receive(response_to(request, "404 Not Found"));
    ASSERT_EQ(durations(kind).count(), 1u) << method;
    EXPECT_NEAR(static_cast<double>(durations(kind).sum().count()), 7e8, 5e3);
  }
}

TEST_F(EngineCounters, tell_no_duration_of_what_never_was_answered) {
  send("OPTIONS");
  advance(seconds(40));
  EXPECT_EQ(engine.counters().transactions_timed_out, 1u);
  EXPECT_EQ(durations(TransactionKind::client).count(), 0u);
}

TEST_F(EngineCounters, tell_retransmissions_of_both_directions) {
  receive(counted("OPTIONS"));
  receive(counted("OPTIONS"));  // nothing to say yet
  EXPECT_EQ(engine.counters().retransmissions_received, 1u);
  EXPECT_EQ(engine.counters().retransmissions_sent, 0u);
  answer(200);
  receive(counted("OPTIONS"));
  EXPECT_EQ(engine.counters().retransmissions_received, 2u);
  EXPECT_EQ(engine.counters().retransmissions_sent, 1u);
}

TEST_F(EngineCounters, tell_that_a_final_response_and_its_ACK_came_and_went_again) {
  send("INVITE");
  const std::string request = sent.back().text;
  for (int i = 0; i < 3; ++i) receive(response_to(request, "486 Busy Here"));
  EXPECT_EQ(engine.counters().sent[Method::ack], 3u);
  EXPECT_EQ(engine.counters().retransmissions_received, 2u);
  EXPECT_EQ(engine.counters().retransmissions_sent, 2u);
}

TEST_F(EngineCounters, tell_where_malformed_messages_come_from) {
  EXPECT_EQ(engine.last_malformed().port, 0);
  receive("nonsense\r\n\r\n", address("192.0.2.66", 666));
  EXPECT_EQ(engine.last_malformed(), address("192.0.2.66", 666));
  receive(counted("OPTIONS"), address("192.0.2.67", 667));
  EXPECT_EQ(engine.last_malformed(), address("192.0.2.66", 666));
  receive(replaced(counted("INFO"), "CSeq: 7", "CSeq: x"), address("192.0.2.68", 668));
  EXPECT_EQ(engine.last_malformed(), address("192.0.2.68", 668));
}

TEST_F(EngineCounters, tell_how_full_the_pools_are_and_were) {
  receive(counted_invite);
  receive(replaced(counted_invite, "z9hG4bK1", "z9hG4bK2"));
  PoolUse pools = engine.pool_use();
  EXPECT_EQ(pools.transactions, 2u);
  EXPECT_EQ(pools.transactions_capacity, 64u);
  EXPECT_EQ(pools.buffers, 2u);
  EXPECT_EQ(pools.timers_armed, 2u);  // 100 Trying
  EXPECT_GT(pools.buffer_bytes, 0u);
  EXPECT_LE(pools.buffer_bytes, pools.buffer_bytes_capacity);
  for (const Handle<Transaction> request : std::vector(requests)) {
    ASSERT_TRUE(engine.respond(now, request, {.status = 200}));
    take_outputs();
  }
  advance(seconds(60));
  sent.clear();
  pools = engine.pool_use();
  EXPECT_EQ(pools.transactions, 0u);
  EXPECT_EQ(pools.transactions_highest, 2u);
  EXPECT_EQ(pools.buffers, 0u);
  EXPECT_EQ(pools.buffer_bytes, 0u);
  EXPECT_GT(pools.buffer_bytes_highest, 0u);
  EXPECT_EQ(pools.timers_armed, 0u);
}

}  // namespace
}  // namespace sipring::test
