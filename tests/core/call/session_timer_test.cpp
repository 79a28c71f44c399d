// Session timers and probes: RFC 4028.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class TimerTest : public SessionTest {
 protected:
  TimerTest() : SessionTest({.session_expires = 1'800}) {}
  FarDialog far_with_timer(std::string_view lines) { return far_calls_bob(lines); }
  std::string answered() const {
    return header_of(world.last_text("SIP/2.0 200"), "Session-Expires");
  }
};

// S01.
TEST_F(TimerTest, takes_an_interval_not_above_the_asked_one_nor_below_the_least) {
  far_with_timer("Supported: timer\r\nSession-Expires: 600\r\n");
  EXPECT_EQ(answered(), "600;refresher=uac");
  EXPECT_THAT(lines_of(world.last_text("SIP/2.0 200"), "Require"), HasSubstr("timer"));
  far_with_timer("Supported: timer\r\nSession-Expires: 4000\r\nMin-SE: 3000\r\n");
  EXPECT_EQ(answered(), "3000;refresher=uac");
}

// S02.
TEST_F(TimerTest, keeps_the_refresher_that_was_asked_for) {
  far_with_timer("Supported: timer\r\nSession-Expires: 600;refresher=uas\r\n");
  EXPECT_EQ(answered(), "600;refresher=uas");
  far_with_timer("Session-Expires: 600\r\n");
  EXPECT_EQ(answered(), "600;refresher=uas") << "who does not know timers refreshes none";
  EXPECT_THAT(lines_of(world.last_text("SIP/2.0 200"), "Require"), IsEmpty());
}

// S03.
TEST_F(TimerTest, refuses_an_interval_that_is_too_brief) {
  world.inject(far_address, bob,
               far_invite("sip:bob@192.0.2.2", "Supported: timer\r\nSession-Expires: 60\r\n",
                          description("far")));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 422"));
  EXPECT_EQ(header_of(world.texts.back(), "Min-SE"), "90");
  far_with_timer("Session-Expires: 60\r\n");
  EXPECT_EQ(answered(), "90;refresher=uas");
}

// S04.
TEST_F(TimerTest, asks_again_with_the_interval_that_a_422_names) {
  call = alice.call_address(far_address, description("alice"));
  const std::string first = world.last_text("INVITE");
  EXPECT_EQ(header_of(first, "Session-Expires"), "1800");
  world.inject(far_address, alice, reply(first, "422 Too Small", "f1", "Min-SE: 3600\r\n"));
  const std::string second = world.last_text("INVITE");
  EXPECT_EQ(header_of(second, "Session-Expires"), "3600");
  EXPECT_EQ(header_of(second, "Min-SE"), "3600");
  EXPECT_EQ(header_of(second, "Call-ID"), header_of(first, "Call-ID"));
  EXPECT_EQ(header_of(second, "From"), header_of(first, "From"));
  EXPECT_EQ(std::stoi(header_of(second, "CSeq")), std::stoi(header_of(first, "CSeq")) + 1);
  world.inject(far_address, alice, reply(second, "200 OK", "f1", {}, description("far")));
  EXPECT_EQ(alice.calls.state(call), CallState::established);
  EXPECT_THAT(alice.take_events(), ElementsAre("established"));
}

// S05, S08, S10.
TEST_F(TimerTest, is_refreshed_at_half_of_its_interval_without_a_word_to_the_users) {
  establish();
  world.run(seconds(901));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice UPDATE", "bob 200 UPDATE"));
  EXPECT_EQ(header_of(world.last_text("UPDATE"), "Session-Expires"), "1800;refresher=uac");
  world.run(minutes(60));
  EXPECT_EQ(world.count("UPDATE"), 5u);
  EXPECT_THAT(alice.take_events(), IsEmpty());
  EXPECT_THAT(bob.take_events(), IsEmpty());
}

TEST_F(TimerTest, is_refreshed_by_re_invite_with_the_same_description_where_update_is_not_allowed) {
  alice_talks_to_far("Allow: INVITE\r\nSession-Expires: 1000;refresher=uac\r\n");
  world.run(seconds(501));
  EXPECT_EQ(world.count("UPDATE"), 0u);
  EXPECT_EQ(body_of(world.last_text("INVITE")), description("alice"));
}

// S06.
TEST_F(TimerTest, that_the_far_side_does_not_refresh_ends_before_its_interval) {
  alice_talks_to_far("Session-Expires: 1000;refresher=uas\r\n");
  world.run(seconds(967));
  EXPECT_EQ(world.count("BYE"), 0u);
  world.run(seconds(2));
  EXPECT_GE(world.count("BYE"), 1u);
  world.run(seconds(33));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended expired"));
  alice_talks_to_far("Session-Expires: 90;refresher=uas\r\n");
  world.run(seconds(61));
  EXPECT_THAT(world.texts.back(), StartsWith("BYE")) << "a third of a short one";
}

// S07.
TEST_F(TimerTest, whose_refresh_is_refused_for_the_moment_is_refreshed_again) {
  alice_talks_to_far("Allow: UPDATE\r\nSession-Expires: 1000;refresher=uac\r\n");
  world.run(seconds(501));
  world.inject(far_address, alice, reply(world.last_text("UPDATE"), "491 Request Pending"));
  world.run(seconds(5));
  EXPECT_EQ(world.count("UPDATE"), 2u + 3u) << "and repeats of it";
  world.inject(far_address, alice, reply(world.last_text("UPDATE"), "481 Gone"));
  EXPECT_THAT(world.texts.back(), StartsWith("BYE"));
}

// S09.
TEST_F(TimerTest, of_ours_alone_is_refreshed_by_ourselves) {
  alice_talks_to_far("Allow: UPDATE\r\n");
  world.run(seconds(901));
  EXPECT_EQ(header_of(world.last_text("UPDATE"), "Session-Expires"), "1800;refresher=uac");
}

// S10: roles follow who sends.
TEST_F(TimerTest, names_the_refresher_by_who_sends) {
  far_with_timer("Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n");
  offer(bob, bob.last, description("bob", 2));
  EXPECT_EQ(header_of(world.last_text("INVITE sip:far"), "Session-Expires"), "600;refresher=uas");
}

TEST_F(TimerTest, of_who_is_called_ends_when_the_caller_does_not_refresh) {
  far_with_timer("Supported: timer\r\nSession-Expires: 100;refresher=uac\r\n");
  world.run(seconds(67));
  EXPECT_EQ(world.count("BYE"), 0u);
  world.run(seconds(2));
  EXPECT_GE(world.count("BYE"), 1u);
}

TEST_F(TimerTest, of_who_is_called_is_refreshed_by_him_where_that_is_asked_for) {
  far_with_timer("Allow: UPDATE\r\nSupported: timer\r\nSession-Expires: 100;refresher=uas\r\n");
  world.run(seconds(51));
  EXPECT_GE(world.count("UPDATE"), 1u);
}

// What is refused then is not the BYE.
TEST_F(TimerTest, ends_though_a_refresh_and_a_re_invite_were_open_when_it_was_hung_up) {
  const std::string invite = alice_talks_to_far(
      "Allow: INVITE, UPDATE\r\nSession-Expires: 1800;refresher=uac\r\nSupported: timer\r\n");
  world.run(seconds(899));
  offer(alice, call, description("alice", 2));
  world.run(seconds(2));
  EXPECT_GE(world.count("UPDATE"), 1u);
  EXPECT_TRUE(alice.calls.end(alice.moment(), call));
  alice.take_outputs();
  world.inject(far_address, alice, reply(world.last_text("INVITE"), "491 Request Pending"));
  world.inject(far_address, alice, reply(world.last_text("BYE"), "200 OK"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended local"));
  world.run(minutes(3));
  EXPECT_TRUE(world.is_at_rest());
}

// I22.
TEST(CallProbe, finds_that_the_far_side_has_vanished) {
  World world;
  Phone& alice = world.add("alice", {.probe_every = minutes(5)});
  const Handle<Call> call = alice.call_address(far_address, description("alice"));
  world.inject(far_address, alice,
               reply(world.last_text("INVITE"), "200 OK", "f1", {}, description("far")));
  world.run(minutes(5) + seconds(1));
  EXPECT_THAT(world.texts.back(), StartsWith("OPTIONS"));
  world.inject(far_address, alice, reply(world.texts.back(), "200 OK"));
  world.run(minutes(4));
  EXPECT_EQ(alice.calls.state(call), CallState::established);
  world.run(minutes(3));
  EXPECT_THAT(alice.take_events(), ElementsAre("established", "ended lost 408"));
  EXPECT_EQ(alice.calls.counters().orphans, 1u);
}

}  // namespace
}  // namespace sipring::test
