// INVITE server transactions: RFC 3261 sections 13.3.1.4, 17.2.1; RFC 6026.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using EngineServerInvite = EngineServerFixture;

TEST_F(EngineServerInvite, resends_the_last_response_for_a_retransmitted_request) {
  receive(invite);
  ASSERT_TRUE(answer(180));
  const std::string ringing = take_only_sent();
  receive(invite);
  EXPECT_EQ(take_only_sent(), ringing);
}

TEST_F(EngineServerInvite, says_trying_for_a_silent_user_within_200_ms) {
  receive(invite);
  advance(milliseconds(199));
  EXPECT_THAT(sent, IsEmpty());
  advance(milliseconds(10));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 100 Trying");
}

TEST_F(EngineServerInvite, says_nothing_when_the_user_has_already_answered_provisionally) {
  receive(invite);
  ASSERT_TRUE(answer(180));
  (void)take_sent();
  advance(seconds(1));
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(EngineServerInvite,
       retransmits_a_final_non_2xx_until_the_ack_with_intervals_doubling_to_t2) {
  receive(invite);
  ASSERT_TRUE(answer(486));
  (void)take_sent();
  std::vector<long> at_ms;
  const Instant start = now;
  while (now < start + seconds(16)) {
    advance_to(std::min(engine.next_deadline(), start + seconds(16)));
    for (std::size_t i = 0; i < take_sent().size(); ++i) {
      at_ms.push_back(std::chrono::duration_cast<milliseconds>(now - start).count() / 50 * 50);
    }
  }
  EXPECT_THAT(at_ms, ElementsAre(500, 1500, 3500, 7500, 11500, 15500));
  receive(ack());
  (void)take_sent();
  advance(seconds(20));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_EQ(engine.buffers().size(), 0u);
}

TEST_F(EngineServerInvite, reports_timer_h_when_the_ack_never_comes) {
  receive(invite);
  ASSERT_TRUE(answer(486));
  advance(seconds(33));
  EXPECT_THAT(timed_out, ElementsAre(requests[0]));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(EngineServerInvite, leaves_the_retransmission_of_a_2xx_to_the_user) {
  receive(invite);
  ASSERT_TRUE(answer(200));
  const std::string ok = take_only_sent();
  advance(seconds(5));
  receive(invite);
  EXPECT_THAT(sent, IsEmpty());
  ASSERT_TRUE(engine.repeat_response(now, requests[0]));
  take_outputs();
  EXPECT_EQ(take_only_sent(), ok);
}

TEST_F(EngineServerInvite, passes_the_ack_for_a_2xx_up) {
  receive(invite);
  ASSERT_TRUE(answer(200));
  receive(replaced(ack(), "z9hG4bK1", "z9hG4bK2"));  // a transaction of its own
  EXPECT_EQ(request_lines.back(), "ACK sip:bob@192.0.2.9");
  EXPECT_FALSE(requests.back());
  receive(ack());  // some clients reuse the branch
  EXPECT_THAT(requests, SizeIs(3));
}

TEST_F(EngineServerInvite, ends_an_accepted_invite_by_timer_l) {
  receive(invite);
  ASSERT_TRUE(answer(200));
  advance(seconds(31));
  EXPECT_EQ(engine.transactions_alive(), 1u);
  advance(seconds(2));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_THAT(timed_out, IsEmpty());
}

TEST_F(EngineServerInvite, whose_2xx_is_acknowledged_keeps_no_octets_and_ends_after_T4) {
  receive(invite);
  ASSERT_TRUE(answer(200));
  (void)take_sent();
  EXPECT_EQ(engine.buffers().size(), 1u);
  engine.acknowledged(now, requests[0]);
  take_outputs();
  EXPECT_EQ(engine.buffers().size(), 0u);
  EXPECT_FALSE(engine.repeat_response(now, requests[0]));
  advance(milliseconds(4'900));
  receive(invite);  // it was on its way
  EXPECT_THAT(requests, SizeIs(1));
  EXPECT_THAT(take_sent(), IsEmpty());
  EXPECT_EQ(engine.transactions_alive(), 1u);
  advance(milliseconds(110));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(EngineServerInvite, that_has_no_2xx_is_not_acknowledged_by_its_user) {
  receive(invite);
  engine.acknowledged(now, requests[0]);
  EXPECT_EQ(engine.status(requests[0])->state, State::proceeding);
  ASSERT_TRUE(answer(486));
  engine.acknowledged(now, requests[0]);
  EXPECT_EQ(engine.status(requests[0])->state, State::completed);
  engine.acknowledged(now, {});
  receive(with_method("OPTIONS"));
  engine.acknowledged(now, requests.back());
  EXPECT_EQ(engine.status(requests.back())->state, State::trying);
}

}  // namespace
}  // namespace sipring::test
