// Early dialogs of an INVITE: RFC 3261 sections 12.1.2, 13.2.2.4.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// D05, D06.
TEST_F(CallTest, that_forks_is_of_whom_answers_first_and_ends_the_others) {
  const std::string invite = alice_calls_far();
  world.inject(far_address, alice, reply(invite, "180 Ringing", "a"));
  world.inject(far_address, alice, reply(invite, "180 Ringing", "b"));
  EXPECT_FALSE(alice.calls.is_at_rest());
  world.inject(far_address, alice, reply(invite, "200 OK", "c", {}, description("far")));
  ASSERT_NE(alice.calls.dialog(call), nullptr);
  EXPECT_EQ(alice.calls.dialog(call)->remote_tag(), "c");
  world.take_ladder();
  world.inject(far_address, alice, reply(invite, "200 OK", "b", {}, description("far")));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice ACK", "alice BYE"));
  EXPECT_THAT(header_of(world.last_text("BYE"), "To"), HasSubstr("tag=b"));
  world.inject(far_address, alice, reply(world.last_text("BYE"), "200 OK"));
  world.inject(far_address, alice, reply(invite, "200 OK", "b", {}, description("far")));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice ACK"))
      << "ended once, acknowledged each time";
  EXPECT_EQ(alice.calls.state(call), CallState::established);
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "ringing 180", "established"));
}

// D08.
TEST_F(CallTest, makes_no_dialog_of_a_provisional_without_a_tag) {
  const std::string invite = alice_calls_far();
  world.inject(far_address, alice, reply(invite, "180 Ringing", ""));
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180"));
  FarDialog dialog = FarDialog::of_callee(invite, "x");
  world.inject(far_address, alice, dialog.request("INFO"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481"));
}

// I09.
TEST_F(CallTest, that_rings_at_two_places_is_ended_at_one_and_rings_on_at_the_other) {
  const std::string invite = alice_calls_far();
  world.inject(far_address, alice, reply(invite, "180 Ringing", "a"));
  world.inject(far_address, alice, reply(invite, "180 Ringing", "b"));
  EXPECT_TRUE(alice.calls.end_branch(alice.moment(), call, 1));
  alice.take_outputs();
  const std::string bye = world.last_text("BYE");
  EXPECT_THAT(header_of(bye, "To"), HasSubstr("tag=a"));
  EXPECT_EQ(alice.calls.end_branch(alice.moment(), call, 3).error(), CallError::wrong_state);
  EXPECT_TRUE(alice.calls.end_branch(alice.moment(), call, 1)) << "it is ending already";
  EXPECT_EQ(world.count("BYE"), 1u);
  world.inject(far_address, alice, reply(bye, "200 OK"));
  world.inject(far_address, alice, reply(invite, "180 Ringing", "a"));
  world.inject(far_address, alice, reply(invite, "183 Progress", "b"));
  world.inject(far_address, alice, reply(invite, "200 OK", "b", {}, description("far")));
  EXPECT_EQ(alice.calls.dialog(call)->remote_tag(), "b");
  EXPECT_THAT(alice.take_events(),
              ElementsAre("ringing 180", "ringing 180", "ringing 183", "established"));
  EXPECT_EQ(alice.calls.end_branch(alice.moment(), call, 2).error(), CallError::wrong_state);
}

TEST_F(CallTest, whose_only_branch_answers_while_it_is_ended_has_nobody) {
  const std::string invite = alice_calls_far();
  world.inject(far_address, alice, reply(invite, "180 Ringing", "a"));
  EXPECT_TRUE(alice.calls.end_branch(alice.moment(), call, 1));
  alice.take_outputs();
  world.take_ladder();
  world.inject(far_address, alice, reply(invite, "200 OK", "a", {}, description("far")));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice ACK"));
  expect_rest();
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "ended local"));
}

// The BYE of a fork says nothing of the call.
TEST_F(CallTest, goes_on_when_the_bye_of_another_branch_has_no_response) {
  const std::string invite = alice_calls_far();
  world.inject(far_address, alice, reply(invite, "200 OK", "a", {}, description("far")));
  world.inject(far_address, alice, reply(invite, "200 OK", "b", {}, description("far")));
  EXPECT_EQ(world.count("BYE"), 1u);
  world.run(minutes(1));
  EXPECT_EQ(alice.calls.state(call), CallState::established);
  EXPECT_THAT(alice.take_events(), ElementsAre("established"));
}

}  // namespace
}  // namespace sipring::test
