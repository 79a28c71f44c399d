// Descriptions that the far side offers: RFC 3261 sections 13.2.1, 14.2, RFC 3311, RFC 6141.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// O02: the 2xx offers, the ACK answers.
TEST_F(SessionTest, without_an_offer_is_offered_in_the_2xx_and_answered_in_the_ack) {
  call = alice.call(bob, {});
  world.run(seconds(1));
  EXPECT_THAT(alice.take_events(), ElementsAre("offered", "established"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "established"));
  EXPECT_EQ(body_of(world.last_text("ACK")), alice.local);
  expect_agreement();
}

// O02, D07: an ACK with an answer that is lost goes again as it was.
TEST_F(SessionTest, repeats_the_answer_in_an_ack_that_is_lost) {
  int acks = 0;
  world.lose = [&](const NetworkAddress&, const std::string& text) {
    return text.starts_with("ACK") && ++acks == 1;
  };
  call = alice.call(bob, {});
  world.run(seconds(3));
  EXPECT_EQ(acks, 2);
  EXPECT_THAT(alice.take_events(), ElementsAre("offered", "established"));
  expect_agreement();
}

// O16.
TEST_F(SessionTest, whose_ack_lacks_the_answer_ends) {
  world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2"));
  FarDialog dialog = FarDialog::of_caller(world.last_text("SIP/2.0 200"));
  world.inject(far_address, bob, dialog.request("ACK"));
  EXPECT_THAT(world.texts.back(), StartsWith("BYE"));
}

// O01: what an unreliable provisional says is a preview.
TEST_F(SessionTest, has_a_preview_in_an_unreliable_provisional_and_its_answer_in_the_2xx) {
  call = alice.call_address(far_address, description("alice"));
  const std::string invite = world.last_text("INVITE");
  world.inject(far_address, alice, reply(invite, "183 Progress", "f1", {}, description("far")));
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 183 early"));
  world.inject(far_address, alice, reply(invite, "200 OK", "f1", {}, description("far")));
  EXPECT_THAT(alice.take_events(), ElementsAre("established"));
}

// O23: the description of who answers counts.
TEST_F(SessionTest, with_early_media_of_two_forks_is_of_whom_answers) {
  call = alice.call_address(far_address, description("alice"));
  const std::string invite = world.last_text("INVITE");
  world.inject(
      far_address, alice,
      reply(invite, "183 Progress", "a", "Require: 100rel\r\nRSeq: 7\r\n", description("a")));
  world.inject(
      far_address, alice,
      reply(invite, "183 Progress", "b", "Require: 100rel\r\nRSeq: 7\r\n", description("b")));
  EXPECT_EQ(world.count("PRACK"), 2u);
  world.inject(far_address, alice, reply(invite, "200 OK", "b"));
  EXPECT_EQ(alice.remote, description("b"));
}

// O15.
TEST_F(SessionTest, asked_for_an_offer_makes_one_and_has_its_answer_in_the_ack) {
  establish();
  EXPECT_TRUE(alice.calls.ask_for_offer(alice.moment(), call));
  alice.take_outputs();
  world.run(seconds(1));
  EXPECT_THAT(bob.take_events(), ElementsAre("asked", "established"));
  EXPECT_THAT(alice.take_events(), ElementsAre("offered", "established"));
  expect_agreement();
}

// O22.
TEST_F(SessionTest, whose_re_invite_is_cancelled_goes_on) {
  FarDialog dialog = far_calls_bob();
  bob.on_offered = {};
  const std::string invite = dialog.request("INVITE", {}, description("far", 2));
  world.inject(far_address, bob, invite);
  std::string cancel =
      replaced(replaced(invite, "INVITE sip", "CANCEL sip"), " INVITE\r\n", " CANCEL\r\n");
  cancel = cancel.substr(0, cancel.find("Content-Type")) + "Content-Length: 0\r\n\r\n";
  world.inject(far_address, bob, cancel);
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 487"));
  EXPECT_EQ(bob.calls.state(bob.last), CallState::established);
  EXPECT_EQ(bob.calls.remote_description(bob.last), description("far"));
}

TEST_F(SessionTest, refuses_an_offer_that_its_user_does_not_answer) {
  FarDialog dialog = far_calls_bob();
  bob.on_offered = {};
  world.inject(far_address, bob, dialog.request("INVITE", {}, description("far", 2)));
  world.run(seconds(21));
  EXPECT_THAT(world.last_text("SIP/2.0 488"), Not(IsEmpty()));
  EXPECT_EQ(bob.calls.state(bob.last), CallState::established);
}

// O11, O06, O07: what meets an open one of theirs.
TEST_F(SessionTest, refuses_a_second_offer_before_the_first_is_answered) {
  FarDialog dialog = far_calls_bob();
  bob.on_offered = {};
  world.inject(far_address, bob, dialog.request("UPDATE", {}, description("far", 2)));
  for (const std::string_view method : {"UPDATE", "INVITE"}) {
    world.inject(far_address, bob, dialog.request(method, {}, description("far", 3)));
    EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 500")) << method;
    const int after = std::stoi(header_of(world.texts.back(), "Retry-After"));
    EXPECT_GE(after, 0);
    EXPECT_LE(after, 10);
  }
  EXPECT_TRUE(bob.calls.answer(bob.moment(), bob.last, description("bob", 2)));
  bob.take_outputs();
  EXPECT_THAT(world.last_text("SIP/2.0 200"), HasSubstr("UPDATE"));
}

TEST_F(SessionTest, meets_an_offer_with_491_while_its_own_is_open) {
  alice_talks_to_far();
  const std::string invite = world.last_text("INVITE");
  FarDialog dialog = FarDialog::of_callee(invite, "f1");
  offer(alice, call, description("alice", 2));
  for (const std::string_view method : {"UPDATE", "INVITE"}) {
    world.inject(far_address, alice, dialog.request(method, {}, description("far", 3)));
    EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 491")) << method;
  }
}

// O06: an early offer of the INVITE that has no answer yet.
TEST_F(SessionTest, refuses_an_update_with_an_offer_while_the_invites_offer_has_no_answer) {
  bob.on_incoming = [&](const IncomingCall& incoming) {
    EXPECT_TRUE(bob.calls.ring(bob.moment(), incoming.call));
  };
  world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", {}, description("far")));
  FarDialog dialog = FarDialog::of_caller(world.last_text("SIP/2.0 180"));
  world.inject(far_address, bob, dialog.request("UPDATE", {}, description("far", 2)));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 500"));
  EXPECT_THAT(header_of(world.texts.back(), "Retry-After"), Not("(none)"));
}

// O08, D17.
TEST_F(SessionTest, takes_an_update_without_an_offer_at_any_time_and_its_target) {
  FarDialog dialog = far_calls_bob();
  world.inject(far_address, bob,
               replaced(dialog.request("UPDATE"), "Contact: <sip:far@192.0.2.99>",
                        "Contact: <sip:moved@192.0.2.98>"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(body_of(world.texts.back()), IsEmpty());
  EXPECT_EQ(bob.calls.dialog(bob.last)->remote_target(), "sip:moved@192.0.2.98");
}

// D17, D18, D19.
TEST_F(SessionTest, has_the_target_of_what_was_accepted_only) {
  FarDialog dialog = far_calls_bob();
  const auto target = [&] { return std::string(bob.calls.dialog(bob.last)->remote_target()); };
  const auto moved = [&](std::string_view method, std::string_view body) {
    world.inject(far_address, bob,
                 replaced(dialog.request(method, {}, body), "Contact: <sip:far@192.0.2.99>",
                          "Contact: <sip:moved@192.0.2.98>"));
  };
  bob.on_offered = [&](const Offered& offered) {
    EXPECT_TRUE(bob.calls.refuse(bob.moment(), offered.call, 488));
  };
  moved("INVITE", description("far", 2));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 488"));
  EXPECT_EQ(target(), "sip:far@192.0.2.99");
  moved("OPTIONS", {});
  moved("INFO", {});
  EXPECT_EQ(target(), "sip:far@192.0.2.99");
  bob.on_offered = [&](const Offered& offered) {
    EXPECT_TRUE(bob.calls.answer(bob.moment(), offered.call, description("bob", 2)));
  };
  moved("INVITE", description("far", 3));
  EXPECT_EQ(target(), "sip:moved@192.0.2.98");
}

// O09.
TEST_F(SessionTest, refuses_an_update_that_takes_a_person_with_504) {
  FarDialog dialog = far_calls_bob();
  bob.on_offered = [&](const Offered& offered) {
    EXPECT_TRUE(bob.calls.refuse(bob.moment(), offered.call, 504));
  };
  world.inject(far_address, bob, dialog.request("UPDATE", {}, description("far", 2)));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 504"));
  EXPECT_EQ(bob.calls.remote_description(bob.last), description("far"));
}

}  // namespace
}  // namespace sipring::test
