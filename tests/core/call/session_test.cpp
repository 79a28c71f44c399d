// Offers and answers, reliable provisional responses, session timers: RFC 3261 sections 13, 14, RFC
// 3262, 3264, 3311, 4028, 6141.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/support/call_world.h"
#include "tests/support/far_side.h"

namespace sipring::test {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const NetworkAddress far_address = address("192.0.2.99", 5060);

// Bob accepts at once, and answers every offer, unless a test says otherwise.
class SessionTest : public ::testing::Test {
 protected:
  explicit SessionTest(const CallSettings& settings = {})
      : alice(world.add("alice", settings)), bob(world.add("bob", settings)) {
    bob.on_incoming = [&](const IncomingCall& incoming) {
      const std::string body = description("bob");
      EXPECT_TRUE(bob.calls.accept(bob.place(), incoming.call, {.body = body}));
    };
    for (Phone* const phone : {&alice, &bob}) {
      phone->on_offered = [this, phone](const Offered& offered) {
        const std::string body = description(phone->name, ++versions);
        EXPECT_TRUE(phone->calls.answer(phone->place(), offered.call, body));
      };
    }
  }
  void establish(std::string_view offer = "-") {
    call = alice.call(bob, offer == "-" ? description("alice") : std::string(offer));
    world.run(seconds(1));
    ASSERT_EQ(alice.calls.state(call), CallState::established);
    world.take_ladder();
    alice.take_events(), bob.take_events();
  }
  void offer(Phone& phone, Handle<Call> whose, const std::string& body) {
    EXPECT_TRUE(phone.calls.offer(phone.place(), whose, body));
    phone.drain();
  }
  FarDialog far_calls_bob(std::string_view more = {}) {
    world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", more, description("far")));
    FarDialog dialog = FarDialog::of_caller(world.last_text("SIP/2.0 200"));
    world.inject(far_address, bob, dialog.request("ACK"));
    bob.take_events(), world.take_ladder();
    return dialog;
  }
  // Alice is in a call with a far side.
  std::string alice_talks_to_far(std::string_view more = "Allow: INVITE, UPDATE\r\n") {
    call = alice.call_address(far_address, description("alice"));
    const std::string invite = world.last_text("INVITE");
    world.inject(far_address, alice, reply(invite, "200 OK", "f1", more, description("far")));
    alice.take_events(), world.take_ladder();
    return invite;
  }
  void expect_agreement() {
    EXPECT_EQ(alice.calls.local_description(call), bob.calls.remote_description(bob.last));
    EXPECT_EQ(alice.calls.remote_description(call), bob.calls.local_description(bob.last));
  }

  World world;
  Phone& alice;
  Phone& bob;
  Handle<Call> call;
  int versions = 10;
};

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
  EXPECT_TRUE(alice.calls.end(alice.place(), call));
  alice.drain();
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

// O15.
TEST_F(SessionTest, asked_for_an_offer_makes_one_and_has_its_answer_in_the_ack) {
  establish();
  EXPECT_TRUE(alice.calls.ask_for_offer(alice.place(), call));
  alice.drain();
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
  EXPECT_TRUE(bob.calls.answer(bob.place(), bob.last, description("bob", 2)));
  bob.drain();
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
    EXPECT_TRUE(bob.calls.ring(bob.place(), incoming.call));
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
    EXPECT_TRUE(bob.calls.refuse(bob.place(), offered.call, 488));
  };
  moved("INVITE", description("far", 2));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 488"));
  EXPECT_EQ(target(), "sip:far@192.0.2.99");
  moved("OPTIONS", {});
  moved("INFO", {});
  EXPECT_EQ(target(), "sip:far@192.0.2.99");
  bob.on_offered = [&](const Offered& offered) {
    EXPECT_TRUE(bob.calls.answer(bob.place(), offered.call, description("bob", 2)));
  };
  moved("INVITE", description("far", 3));
  EXPECT_EQ(target(), "sip:moved@192.0.2.98");
}

// O09.
TEST_F(SessionTest, refuses_an_update_that_takes_a_person_with_504) {
  FarDialog dialog = far_calls_bob();
  bob.on_offered = [&](const Offered& offered) {
    EXPECT_TRUE(bob.calls.refuse(bob.place(), offered.call, 504));
  };
  world.inject(far_address, bob, dialog.request("UPDATE", {}, description("far", 2)));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 504"));
  EXPECT_EQ(bob.calls.remote_description(bob.last), description("far"));
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

// R01, R02, R03, O03, O04.
class ReliableTest : public SessionTest {
 protected:
  ReliableTest() {
    bob.on_incoming = [&](const IncomingCall& incoming) {
      const std::string body = description("bob");
      EXPECT_TRUE(bob.calls.ring(bob.place(), incoming.call, 183, {.body = body}));
    };
  }
  FarDialog far_rings_bob(std::string_view more, std::string_view body) {
    world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", more, body));
    return FarDialog::of_caller(world.last_text("SIP/2.0 183"));
  }
  std::string rack() const {
    return "RAck: " + header_of(world.last_text("SIP/2.0 183"), "RSeq") + " 100 INVITE\r\n";
  }
};

TEST_F(ReliableTest, describes_itself_reliably_and_once) {
  call = alice.call(bob, description("alice"));
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(),
              ElementsAre("alice INVITE", "bob 183 INVITE", "alice PRACK", "bob 200 PRACK"));
  EXPECT_TRUE(bob.calls.accept(bob.place(), bob.last));
  bob.drain();
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(), ElementsAre("bob 200 INVITE", "alice ACK"));
  EXPECT_THAT(body_of(world.last_text("SIP/2.0 200")), IsEmpty());
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 183 early", "established"));
  expect_agreement();
}

// O02, O05.
TEST_F(ReliableTest, without_an_offer_is_offered_in_the_provisional_and_answered_in_its_prack) {
  call = alice.call(bob, {});
  world.run(seconds(1));
  EXPECT_EQ(body_of(world.last_text("PRACK")), description("alice", versions));
  EXPECT_TRUE(bob.calls.accept(bob.place(), bob.last));
  bob.drain();
  world.run(seconds(1));
  EXPECT_EQ(alice.calls.state(call), CallState::established);
  expect_agreement();
}

TEST_F(ReliableTest, is_unreliable_where_the_far_side_cannot) {
  far_rings_bob({}, description("far"));
  EXPECT_EQ(header_of(world.last_text("SIP/2.0 183"), "RSeq"), "(none)");
}

// O04.
TEST_F(ReliableTest, accepted_before_the_prack_waits_for_it) {
  FarDialog dialog = far_rings_bob("Supported: 100rel\r\n", description("far"));
  EXPECT_TRUE(bob.calls.accept(bob.place(), bob.last));
  bob.drain();
  EXPECT_EQ(world.count("SIP/2.0 200"), 0u);
  world.inject(far_address, bob, dialog.request("PRACK", rack()));
  EXPECT_THAT(world.take_ladder(),
              ElementsAre("bob 183 INVITE", "bob 200 PRACK", "bob 200 INVITE"));
}

// R02.
TEST_F(ReliableTest, rings_again_when_the_first_has_its_prack) {
  FarDialog dialog = far_rings_bob("Supported: 100rel\r\nRequire: 100rel\r\n", description("far"));
  EXPECT_TRUE(bob.calls.ring(bob.place(), bob.last, 180));
  bob.drain();
  EXPECT_EQ(world.count("SIP/2.0 180"), 0u);
  const int first = std::stoi(header_of(world.last_text("SIP/2.0 183"), "RSeq"));
  world.inject(far_address, bob, dialog.request("PRACK", rack()));
  EXPECT_EQ(header_of(world.last_text("SIP/2.0 180"), "RSeq"), std::to_string(first + 1));
}

// R03.
TEST_F(ReliableTest, repeats_until_64_t1_without_a_prack_and_then_refuses_the_invite) {
  far_rings_bob("Supported: 100rel\r\n", description("far"));
  world.run(milliseconds(31'900));
  EXPECT_EQ(world.count("SIP/2.0 183"), 7u);
  world.run(milliseconds(200));
  EXPECT_THAT(world.last_text("SIP/2.0 504"), Not(IsEmpty()));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "ended unacknowledged 504"));
}

// R04.
TEST_F(ReliableTest, refuses_a_prack_of_nothing_with_481) {
  FarDialog dialog = far_rings_bob("Supported: 100rel\r\n", description("far"));
  world.inject(far_address, bob, dialog.request("PRACK", "RAck: 1 99 INVITE\r\n"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481"));
  world.inject(far_address, bob, dialog.request("PRACK", rack()));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  const std::size_t repeated = world.count("SIP/2.0 183");
  world.run(seconds(20));
  EXPECT_EQ(world.count("SIP/2.0 183"), repeated);
}

// R07.
TEST_F(ReliableTest, takes_the_prack_of_a_bare_provisional_after_its_2xx) {
  bob.on_incoming = [&](const IncomingCall& incoming) {
    EXPECT_TRUE(bob.calls.ring(bob.place(), incoming.call, 183));
    EXPECT_TRUE(bob.calls.accept(bob.place(), incoming.call, {.body = description("bob")}));
  };
  FarDialog dialog = far_rings_bob("Require: 100rel\r\n", description("far"));
  EXPECT_EQ(world.count("SIP/2.0 200"), 1u);
  world.inject(far_address, bob, dialog.request("PRACK", rack()));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  const std::size_t repeated = world.count("SIP/2.0 200");
  world.run(milliseconds(600));
  EXPECT_EQ(world.count("SIP/2.0 200"), repeated + 1) << "the 2xx of the INVITE goes on";
}

// R05, R06.
TEST_F(ReliableTest, acknowledges_in_order_and_each_fork_apart) {
  call = alice.call_address(far_address, description("alice"));
  const std::string invite = world.last_text("INVITE");
  const auto ring = [&](std::string_view tag, int rseq) {
    world.inject(far_address, alice,
                 reply(invite, "180 Ringing", tag,
                       "Require: 100rel\r\nRSeq: " + std::to_string(rseq) + "\r\n"));
    return world.count("PRACK");
  };
  EXPECT_EQ(ring("a", 500), 1u);
  EXPECT_EQ(ring("a", 502), 1u);
  EXPECT_EQ(ring("a", 500), 1u) << "a repeat";
  EXPECT_EQ(ring("a", 501), 2u);
  EXPECT_EQ(ring("a", 502), 3u);
  EXPECT_EQ(ring("b", 7), 4u);
  EXPECT_THAT(header_of(world.last_text("PRACK"), "RAck"), StartsWith("7 "));
  EXPECT_THAT(header_of(world.last_text("PRACK"), "To"), HasSubstr("tag=b"));
}

// R08.
TEST_F(ReliableTest, acknowledges_a_2xx_that_comes_before_the_answer_to_its_prack) {
  call = alice.call_address(far_address, description("alice"));
  const std::string invite = world.last_text("INVITE");
  world.inject(
      far_address, alice,
      reply(invite, "183 Progress", "f1", "Require: 100rel\r\nRSeq: 1\r\n", description("far")));
  world.inject(far_address, alice, reply(invite, "200 OK", "f1"));
  EXPECT_THAT(world.texts.back(), StartsWith("ACK"));
  world.inject(far_address, alice, reply(world.last_text("PRACK"), "200 OK"));
  EXPECT_EQ(alice.calls.state(call), CallState::established);
}

// O05: an offer in a PRACK is answered in its 200.
TEST_F(ReliableTest, answers_the_offer_of_a_prack_in_its_200) {
  FarDialog dialog = far_rings_bob("Supported: 100rel\r\n", description("far"));
  world.inject(far_address, bob, dialog.request("PRACK", rack(), description("far", 2)));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  EXPECT_EQ(body_of(world.texts.back()), description("bob", versions));
}

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

}  // namespace
}  // namespace sipring::test
