// Changes of a session that we offer: RFC 3261 section 14, RFC 3311, RFC 6141.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// Hold and resume; O18, O19 are what the descriptions say.
TEST_F(SessionTest, is_held_and_resumed_by_re_invites) {
  establish();
  offer(alice, call, description("alice", 2, "sendonly"));
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice INVITE", "bob 200 INVITE", "alice ACK"));
  EXPECT_THAT(bob.take_events(), ElementsAre("offered", "established"));
  EXPECT_THAT(alice.take_events(), ElementsAre("established"));
  EXPECT_EQ(bob.remote, description("alice", 2, "sendonly"));
  expect_agreement();
  offer(bob, bob.last, description("bob", 3));
  world.run(seconds(1));
  EXPECT_EQ(alice.remote, description("bob", 3));
  expect_agreement();
}

// O11, O12: glare. The one who made the Call-ID waits longer, and both get through.
TEST_F(SessionTest, offered_by_both_at_once_is_offered_again_by_one_after_the_other) {
  establish();
  offer(alice, call, description("alice", 2));
  offer(bob, bob.last, description("bob", 2));
  world.run(milliseconds(100));
  EXPECT_THAT(world.take_ladder(), Contains("alice 491 INVITE"));
  world.run(seconds(10));
  EXPECT_THAT(alice.take_events(), ElementsAre("offered", "established", "established"));
  expect_agreement();
  EXPECT_EQ(alice.calls.state(call), CallState::established);
}

TEST_F(SessionTest, waits_in_the_band_of_its_side_after_491) {
  std::string invite = alice_talks_to_far();
  for (int i = 0; i < 20; ++i) {
    if (i == 0) offer(alice, call, description("alice", 2));
    invite = world.last_text("INVITE");
    const std::size_t sent = world.count("INVITE");
    world.inject(far_address, alice, reply(invite, "491 Request Pending"));
    world.run(milliseconds(2'090));
    EXPECT_EQ(world.count("INVITE"), sent);
    world.run(milliseconds(1'920));
    EXPECT_GT(world.count("INVITE"), sent);
  }
}

TEST_F(SessionTest, not_of_its_making_tries_again_within_two_seconds_after_491) {
  far_calls_bob();
  offer(bob, bob.last, description("bob", 2));
  const std::string invite = world.last_text("INVITE sip:far");
  world.inject(far_address, bob, reply(invite, "491 Request Pending"));
  world.run(milliseconds(2'010));
  EXPECT_NE(world.last_text("INVITE sip:far"), invite);
}

TEST_F(SessionTest, hung_up_meanwhile_is_not_tried_again) {
  alice_talks_to_far();
  offer(alice, call, description("alice", 2));
  world.inject(far_address, alice, reply(world.last_text("INVITE"), "491 Request Pending"));
  EXPECT_TRUE(alice.calls.end(alice.moment(), call));
  alice.take_outputs();
  const std::size_t sent = world.count("INVITE");
  world.run(seconds(10));
  EXPECT_EQ(world.count("INVITE"), sent);
}

// O13.
TEST_F(SessionTest, refused_for_a_while_is_tried_again_then) {
  alice_talks_to_far();
  offer(alice, call, description("alice", 2));
  const std::size_t sent = world.count("INVITE");
  world.inject(far_address, alice,
               reply(world.last_text("INVITE"), "500 Later", "f1", "Retry-After: 7\r\n"));
  world.run(milliseconds(6'900));
  EXPECT_EQ(world.count("INVITE"), sent);
  world.run(milliseconds(200));
  EXPECT_EQ(world.count("INVITE"), sent + 1);
}

// O13, O24.
TEST_F(SessionTest, whose_offer_is_refused_is_as_before) {
  alice_talks_to_far();
  const std::string before(alice.calls.local_description(call));
  offer(alice, call, description("alice", 2));
  world.inject(far_address, alice,
               reply(world.last_text("INVITE"), "488 Not Acceptable Here", "f1",
                     "Warning: 304 x \"no\"\r\n"));
  EXPECT_THAT(alice.take_events(), ElementsAre("offer failed 488"));
  EXPECT_EQ(alice.calls.local_description(call), before);
  EXPECT_EQ(alice.calls.state(call), CallState::established);
}

// O14.
TEST_F(SessionTest, whose_re_invite_has_no_response_or_481_ends_by_bye) {
  for (const std::string_view status : {"408 Timeout", "481 Gone"}) {
    alice_talks_to_far();
    offer(alice, call, description("alice", 2));
    world.inject(far_address, alice, reply(world.last_text("INVITE"), status));
    EXPECT_THAT(world.texts.back(), StartsWith("BYE")) << status;
  }
  alice_talks_to_far();
  offer(alice, call, description("alice", 2));
  world.take_ladder();
  world.run(milliseconds(32'100));
  EXPECT_EQ(world.ladder.back(), "alice BYE");
}

// O10.
TEST_F(SessionTest, changed_before_the_2xx_waits_for_it_where_update_is_not_allowed) {
  call = alice.call_address(far_address, description("alice"));
  const std::string invite = world.last_text("INVITE");
  world.inject(far_address, alice,
               reply(invite, "183 Progress", "f1",
                     "Require: 100rel\r\nRSeq: 1\r\nAllow: INVITE\r\n", description("far")));
  offer(alice, call, description("alice", 2));
  EXPECT_EQ(world.count("UPDATE"), 0u);
  world.inject(far_address, alice, reply(invite, "200 OK", "f1", "Allow: INVITE\r\n"));
  EXPECT_EQ(world.count("INVITE"), 2u);
  EXPECT_EQ(body_of(world.last_text("INVITE")), description("alice", 2));
}

TEST_F(SessionTest, changed_before_the_2xx_is_changed_by_update_where_it_is_allowed) {
  call = alice.call_address(far_address, description("alice"));
  const std::string invite = world.last_text("INVITE");
  world.inject(
      far_address, alice,
      reply(invite, "183 Progress", "f1", "Require: 100rel\r\nRSeq: 1\r\nAllow: INVITE, UPDATE\r\n",
            description("far")));
  offer(alice, call, description("alice", 2));
  const std::string update = world.last_text("UPDATE");
  ASSERT_THAT(update, Not(IsEmpty()));
  EXPECT_EQ(body_of(update), description("alice", 2));
  world.inject(far_address, alice, reply(update, "200 OK", "f1", {}, description("far", 2)));
  world.inject(far_address, alice, reply(invite, "200 OK", "f1"));
  EXPECT_EQ(alice.local, description("alice", 2));
  EXPECT_EQ(alice.remote, description("far", 2));
}

// O21: the re-INVITE had its answer by a reliable provisional response when it was refused.
TEST_F(SessionTest, goes_back_to_the_old_state_when_a_re_invite_fails_after_a_change) {
  const std::string invite = alice_talks_to_far("Allow: INVITE\r\n");
  offer(alice, call, description("alice", 2, "sendonly"));
  const std::string changed = world.last_text("INVITE");
  world.inject(far_address, alice,
               reply(changed, "183 Progress", "f1", "Require: 100rel\r\nRSeq: 7\r\n",
                     description("far", 2, "recvonly")));
  world.inject(far_address, alice, reply(world.last_text("PRACK"), "200 OK"));
  EXPECT_EQ(alice.local, description("alice", 2, "sendonly"));
  world.inject(far_address, alice, reply(changed, "488 Not Acceptable Here"));
  const std::string back = world.last_text("INVITE");
  EXPECT_NE(back, changed);
  EXPECT_EQ(body_of(back), description("alice"));
  world.inject(far_address, alice, reply(back, "200 OK", "f1", {}, description("far")));
  EXPECT_EQ(alice.local, description("alice"));
  EXPECT_EQ(alice.remote, description("far"));
  EXPECT_THAT(alice.take_events(), ElementsAre("established", "offer failed 488", "established"));
}

TEST_F(SessionTest, stays_changed_when_the_re_invite_succeeds_after_a_change) {
  alice_talks_to_far("Allow: INVITE\r\n");
  offer(alice, call, description("alice", 2, "sendonly"));
  const std::string changed = world.last_text("INVITE");
  world.inject(far_address, alice,
               reply(changed, "183 Progress", "f1", "Require: 100rel\r\nRSeq: 7\r\n",
                     description("far", 2, "recvonly")));
  world.inject(far_address, alice, reply(world.last_text("PRACK"), "200 OK"));
  world.inject(far_address, alice, reply(changed, "200 OK"));
  EXPECT_THAT(world.texts.back(), StartsWith("ACK"));
  world.run(seconds(5));
  EXPECT_EQ(alice.calls.local_description(call), description("alice", 2, "sendonly"));
  EXPECT_EQ(world.count("INVITE"), 2u);
}

// O21: nothing can have been changed within a re-INVITE of theirs that we refuse.
TEST_F(SessionTest, takes_no_other_offer_within_a_re_invite_that_it_may_refuse) {
  FarDialog dialog = far_calls_bob();
  bob.on_offered = nullptr;
  world.inject(far_address, bob, dialog.request("INVITE"));
  world.inject(far_address, bob, dialog.request("UPDATE", {}, description("far", 3)));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 500"));
  EXPECT_TRUE(bob.calls.refuse(bob.moment(), bob.last));
  bob.take_outputs();
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 488"));
  EXPECT_EQ(bob.calls.remote_description(bob.last), description("far"));
}

}  // namespace
}  // namespace sipring::test
