// Server transactions of other requests: RFC 3261 section 17.2.2; RFC 4320.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using EngineServerNonInvite = EngineServerFixture;

TEST_F(EngineServerNonInvite, passes_a_new_request_up_once_and_absorbs_its_retransmissions) {
  receive(with_method("OPTIONS"));
  receive(with_method("OPTIONS"));
  EXPECT_THAT(request_lines, ElementsAre("OPTIONS sip:bob@192.0.2.9"));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_EQ(engine.counters().retransmissions_received, 1u);
}

TEST_F(EngineServerNonInvite, refuses_a_second_final_response) {
  receive(with_method("OPTIONS"));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(answer(404).error(), SendError::wrong_state);
  EXPECT_THAT(sent, SizeIs(1));
}

TEST_F(EngineServerNonInvite, never_sends_a_provisional_or_a_408_for_a_non_invite_request) {
  receive(with_method("OPTIONS"));
  EXPECT_EQ(answer(180).error(), SendError::forbidden_status);
  EXPECT_EQ(answer(408).error(), SendError::forbidden_status);
  EXPECT_TRUE(answer(100));
}

TEST_F(EngineServerNonInvite, says_100_for_a_silent_non_invite_user_when_timer_e_has_reached_t2) {
  receive(with_method("OPTIONS"));
  advance(milliseconds(3490));
  EXPECT_THAT(sent, IsEmpty());
  advance(milliseconds(20));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 100 Trying");
}

TEST_F(EngineServerNonInvite, forgets_a_non_invite_request_that_is_never_answered) {
  receive(with_method("OPTIONS"));
  advance(seconds(33));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_THAT(timed_out, ElementsAre(requests[0]));
  EXPECT_EQ(answer(200).error(), SendError::stale_transaction);
}

TEST_F(EngineServerNonInvite, keeps_a_final_response_for_retransmissions_until_timer_j) {
  receive(with_method("OPTIONS"));
  ASSERT_TRUE(answer(200));
  const std::string ok = take_only_sent();
  advance(seconds(31));
  receive(with_method("OPTIONS"));
  EXPECT_EQ(take_only_sent(), ok);
  advance(seconds(2));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_EQ(engine.buffers().size(), 0u);
}

}  // namespace
}  // namespace sipring::test
