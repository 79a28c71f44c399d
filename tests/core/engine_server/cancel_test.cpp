// CANCEL: RFC 3261 section 9.2.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <string>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

using EngineServerCancel = EngineServerFixture;

TEST_F(EngineServerCancel, answers_a_cancel_and_tells_the_user_of_the_invite) {
  receive(invite);
  ASSERT_TRUE(answer(180));
  const std::string tag_of_invite = header_of(take_only_sent(), "To");
  receive(with_method("CANCEL"));
  const std::string ok = take_only_sent();
  EXPECT_EQ(first_line(ok), "SIP/2.0 200 OK");
  EXPECT_EQ(header_of(ok, "CSeq"), "7 CANCEL");
  EXPECT_EQ(header_of(ok, "To"), tag_of_invite);
  EXPECT_THAT(cancelled, ElementsAre(requests[0]));
  ASSERT_TRUE(answer(487));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 487 Request Terminated");
}

TEST_F(EngineServerCancel, answers_a_cancel_with_the_tag_that_the_user_gave_the_invite) {
  receive(invite);
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 180, .to_tag = "mine"}));
  take_outputs();
  (void)take_sent();
  receive(with_method("CANCEL"));
  EXPECT_EQ(header_of(take_only_sent(), "To"), "Bob <sip:bob@example.com>;tag=mine");
}

TEST_F(EngineServerCancel, ignores_a_cancel_after_the_final_response) {
  receive(invite);
  ASSERT_TRUE(answer(200));
  (void)take_sent();
  receive(with_method("CANCEL"));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 200 OK");
  EXPECT_THAT(cancelled, IsEmpty());
}

TEST_F(EngineServerCancel, answers_481_to_a_cancel_of_nothing) {
  receive(with_method("CANCEL"));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 481 Call/Transaction Does Not Exist");
  EXPECT_THAT(requests, IsEmpty());
}

TEST_F(EngineServerCancel, answers_a_cancel_when_it_comes_again_after_a_shortage) {
  receive(invite);
  engine.buffers().fail_nth_acquire(1);  // its 200
  receive(with_method("CANCEL"));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(cancelled, IsEmpty());
  receive(with_method("CANCEL"));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 200 "));
  EXPECT_THAT(cancelled, SizeIs(1));
}

TEST_F(EngineServerCancel, keeps_to_itself_what_becomes_of_a_cancel) {
  receive(invite);
  receive(with_method("CANCEL"));
  EXPECT_THAT(cancelled, SizeIs(1));
  const PaddedText undelivered(take_only_sent());
  engine.transport_failed(now, undelivered.view());
  take_outputs();
  EXPECT_THAT(failed, IsEmpty());
  EXPECT_EQ(engine.counters().transport_errors, 1u);
}

}  // namespace
}  // namespace sipring::test
