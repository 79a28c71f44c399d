// What the driver of the four machines does beside them: memory that is given back, jitter, forks,
// CANCELs that cross a final response, transports that need no retransmission, the dead.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/support/engine_client_fixture.h"
#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ClientTransactions : public EngineClientFixture {
 protected:
  using EngineClientFixture::EngineClientFixture;
  std::uint64_t strays() { return Counters(engine.counters())[DropReason::stray_response]; }
};

TEST_F(ClientTransactions, keep_no_octets_of_a_request_that_has_its_final_response) {
  send("OPTIONS");
  std::string request = take_only_sent();
  receive(response_to(request, "100 Trying"));
  EXPECT_EQ(engine.buffers().size(), 1u);
  receive(response_to(request, "200 OK"));
  EXPECT_EQ(engine.buffers().size(), 0u);
  send("INVITE");
  receive(response_to(take_only_sent(), "200 OK"));
  EXPECT_EQ(engine.buffers().size(), 0u);
  EXPECT_EQ(engine.transactions_alive(), 2u);
}

TEST_F(ClientTransactions, keep_only_the_ACK_of_an_invite_that_failed) {
  send("INVITE");
  const std::string request = take_only_sent();
  receive(response_to(request, "486 Busy Here"));
  const std::string ack = take_only_sent();
  EXPECT_EQ(engine.buffers().size(), 1u);
  receive(response_to(request, "486 Busy Here"));
  EXPECT_EQ(take_only_sent(), ack);
}

TEST_F(ClientTransactions, keep_the_invite_while_its_ACK_finds_no_buffer) {
  send("INVITE");
  const std::string request = take_only_sent();
  engine.buffers().fail_nth_acquire(1);
  receive(response_to(request, "486 Busy Here"));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(responses, ElementsAre(486));
  receive(response_to(request, "486 Busy Here"));
  EXPECT_THAT(take_only_sent(), StartsWith("ACK sip:bob@192.0.2.9 "));
  EXPECT_EQ(engine.buffers().size(), 1u);
}

TEST_F(ClientTransactions, pass_the_2xx_of_each_fork_up) {
  send("INVITE");
  const std::string request = take_only_sent();
  receive(response_to(request, "200 OK", "fork1"));
  receive(response_to(request, "200 OK", "fork2"));
  receive(response_to(request, "202 Accepted", "fork3"));
  EXPECT_THAT(responses, ElementsAre(200, 200, 202));
  receive(response_to(request, "180 Ringing", "fork4"));  // RFC 6026 section 8.4: not after a 2xx
  receive(response_to(request, "486 Busy Here", "fork5"));
  EXPECT_THAT(responses, SizeIs(3));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_EQ(strays(), 2u);
}

TEST_F(ClientTransactions, take_a_2xx_that_crosses_their_CANCEL) {
  const Handle<Transaction> invite = send("INVITE", 9);
  const std::string request = take_only_sent();
  receive(response_to(request, "180 Ringing"));
  ASSERT_TRUE(engine.cancel(now, invite));
  take_outputs();
  const std::string cancel = take_only_sent();
  receive(response_to(request, "200 OK"));
  receive(response_to(cancel, "200 OK"));
  EXPECT_THAT(responses, ElementsAre(180, 200));
  EXPECT_EQ(engine.cancel(now, invite).error(), SendError::wrong_state);
  advance(seconds(33));
  EXPECT_THAT(timed_out, IsEmpty());
  ASSERT_THAT(ends, SizeIs(1));
  EXPECT_EQ(ends[0].state, State::accepted);
}

TEST_F(ClientTransactions, send_no_CANCEL_that_was_held_when_the_final_response_comes_first) {
  for (const std::string_view final : {"200 OK", "486 Busy Here"}) {
    const Handle<Transaction> invite = send("INVITE");
    ASSERT_TRUE(engine.cancel(now, invite));
    take_outputs();
    const std::string request = take_only_sent();
    receive(response_to(request, final));
    for (const std::string& text : take_sent()) EXPECT_THAT(text, StartsWith("ACK "));
    advance(seconds(33));
    EXPECT_THAT(sent, IsEmpty());
  }
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(ClientTransactions, that_are_dead_have_their_responses_dropped_and_counted) {
  send("OPTIONS");
  const std::string request = take_only_sent();
  receive(response_to(request, "200 OK"));
  advance(seconds(6));
  receive(response_to(request, "200 OK"));
  send("INVITE");
  const std::string invite = take_only_sent();
  advance(seconds(33));
  receive(response_to(invite, "200 OK"));
  EXPECT_THAT(responses, ElementsAre(200));
  EXPECT_EQ(strays(), 2u);
  EXPECT_THAT(sent, SizeIs(6));  // the INVITE's retransmissions
}

TEST_F(ClientTransactions, retransmit_nothing_over_a_reliable_transport_and_end_at_once) {
  server.transport = Transport::tcp;
  send("INVITE", 1);
  const std::string invite = take_only_sent();
  send("OPTIONS", 2);
  const std::string options = take_only_sent();
  advance(seconds(31));
  EXPECT_THAT(sent, IsEmpty());
  receive(response_to(options, "200 OK"));  // timers D and K are zero
  receive(response_to(invite, "486 Busy Here"));
  EXPECT_THAT(take_only_sent(), StartsWith("ACK "));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  ASSERT_THAT(ends, SizeIs(2));
  EXPECT_EQ(ends[0].reason, EndReason::done);
  send("INVITE", 3);
  advance(seconds(33));  // timer B runs all the same
  EXPECT_THAT(timed_out, SizeIs(1));
}

class ClientTransactionsWithJitter : public ClientTransactions {
 protected:
  static Settings with_jitter() {
    Settings settings = small_settings();
    settings.timers.jitter_per_mille = 250;
    return settings;
  }
  ClientTransactionsWithJitter() : ClientTransactions(with_jitter()) {}

  std::vector<Duration> waits_of_an_invite() {
    std::vector<Duration> waits;
    send("INVITE");
    Instant last = now;
    (void)take_sent();
    timed_out.clear();
    while (timed_out.empty()) {
      advance_to(engine.next_deadline());
      if (take_sent().empty()) continue;
      waits.push_back(now - last);
      last = now;
    }
    return waits;
  }
};

TEST_F(ClientTransactionsWithJitter, wait_longer_by_up_to_a_quarter_and_never_the_same) {
  const std::vector<Duration> first = waits_of_an_invite(), second = waits_of_an_invite();
  EXPECT_NE(first, second);
  for (const std::vector<Duration>& waits : {first, second}) {
    ASSERT_GE(waits.size(), 5u);
    for (std::size_t i = 0; i < waits.size(); ++i) {
      const Duration plain = milliseconds(500) * (1 << i);
      EXPECT_GE(waits[i], plain - milliseconds(5));
      EXPECT_LE(waits[i], plain * 5 / 4 + milliseconds(5));
    }
  }
}

class ServerTransactions : public EngineServerFixture {
 protected:
  static NetworkAddress over_tcp() {
    NetworkAddress source = address("192.0.2.1", 5062);
    source.transport = Transport::tcp;
    return source;
  }
};

TEST_F(ServerTransactions, retransmit_nothing_over_a_reliable_transport_and_end_at_once) {
  const std::string tcp_invite = replaced(invite, "SIP/2.0/UDP", "SIP/2.0/TCP");
  receive(tcp_invite, over_tcp());
  ASSERT_TRUE(answer(486));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 486 "));
  advance(seconds(30));
  EXPECT_THAT(sent, IsEmpty());
  receive(replaced(ack(), "SIP/2.0/UDP", "SIP/2.0/TCP"), over_tcp());  // timer I is zero
  EXPECT_EQ(engine.transactions_alive(), 0u);
  receive(replaced(with_method("OPTIONS"), "SIP/2.0/UDP", "SIP/2.0/TCP"), over_tcp());
  ASSERT_TRUE(answer(200));  // timer J is zero
  EXPECT_EQ(engine.transactions_alive(), 0u);
  receive(tcp_invite, over_tcp());
  ASSERT_TRUE(answer(486));
  advance(seconds(33));  // timer H runs all the same
  EXPECT_THAT(timed_out, SizeIs(1));
}

TEST_F(ServerTransactions, count_an_ACK_that_no_state_of_theirs_awaits) {
  receive(invite);
  receive(ack());
  EXPECT_EQ(Counters(engine.counters())[DropReason::stray_ack], 1u);
  ASSERT_TRUE(answer(486));
  receive(ack());
  receive(ack());
  EXPECT_EQ(Counters(engine.counters())[DropReason::stray_ack], 2u);
  EXPECT_THAT(requests, SizeIs(1));
}

// Section 17.2.3 for clients of RFC 2543: no magic cookie.
class OldServerTransactions : public EngineServerFixture {
 protected:
  static std::string old(const std::string& request, std::string_view to_tag = "") {
    const std::string without = replaced(request, "branch=z9hG4bK1", "branch=1");
    return to_tag.empty() ? without
                          : replaced(without, "To: Bob <sip:bob@example.com>",
                                     "To: Bob <sip:bob@example.com>;tag=" + std::string(to_tag));
  }
};

TEST_F(OldServerTransactions, absorb_the_ACK_with_the_To_tag_of_their_response) {
  receive(old(invite));
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 486, .to_tag = "mine"}));
  take_outputs();
  (void)take_sent();
  receive(old(ack(), "another"));  // answers another fork's response: not this INVITE's
  EXPECT_EQ(engine.status(requests[0])->state, State::completed);
  EXPECT_THAT(requests, SizeIs(2));
  receive(old(ack(), "mine"));
  EXPECT_EQ(engine.status(requests[0])->state, State::confirmed);
  EXPECT_THAT(requests, SizeIs(2));
}

TEST_F(OldServerTransactions, are_found_by_their_CANCEL) {
  receive(old(invite));
  receive(old(with_method("CANCEL")));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 200 "));
  EXPECT_THAT(cancelled, ElementsAre(requests[0]));
  receive(old(with_method("CANCEL")));  // and the CANCEL by itself
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 200 "));
  EXPECT_THAT(cancelled, SizeIs(1));
}

TEST_F(OldServerTransactions, differ_by_Request_URI_tags_Call_ID_CSeq_and_top_Via) {
  const std::string options = old(with_method("OPTIONS"));
  receive(options);
  receive(replaced(options, "sip:bob@192.0.2.9", "sip:carol@192.0.2.9"));
  receive(replaced(options, "tag=a1", "tag=a2"));
  receive(old(with_method("OPTIONS"), "b1"));
  receive(replaced(options, "Call-ID: c1", "Call-ID: c2"));
  receive(replaced(options, "CSeq: 7", "CSeq: 8"));
  receive(replaced(options, "branch=1", "branch=2"));
  EXPECT_THAT(requests, SizeIs(7));
  receive(options);
  EXPECT_THAT(requests, SizeIs(7));
  EXPECT_EQ(engine.counters().retransmissions_received, 1u);
}

}  // namespace
}  // namespace sipring::test
