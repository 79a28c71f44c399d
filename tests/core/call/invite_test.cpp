// Calls from their beginning to their end: RFC 3261 sections 9, 12, 13, 15.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/support/call_world.h"
#include "tests/support/far_side.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const NetworkAddress far = address("192.0.2.99", 5060);

// Two phones; bob accepts at once unless a test says otherwise.
class CallTest : public ::testing::Test {
 protected:
  CallTest() {
    bob.on_incoming = [&](const IncomingCall& incoming) {
      if (rings) {
        EXPECT_TRUE(bob.calls.ring(bob.place(), incoming.call));
      }
      if (accepts) accept(incoming.call);
    };
  }
  void accept(Handle<Call> whose) {
    const std::string body = description("bob");
    EXPECT_TRUE(bob.calls.accept(bob.place(), whose, {.body = body}));
    bob.drain();
  }
  void end(Phone& phone, Handle<Call> whose) {
    EXPECT_TRUE(phone.calls.end(phone.place(), whose));
    phone.drain();
  }
  void establish() {
    call = alice.call(bob, description("alice"));
    world.run(seconds(1));
    ASSERT_EQ(alice.calls.state(call), CallState::established);
    world.take_ladder();
    alice.take_events(), bob.take_events();
  }
  // A far side that calls bob, and has its 200.
  FarDialog far_calls_bob(std::string_view more = {}) {
    world.inject(far, bob, far_invite("sip:bob@192.0.2.2", more, description("far")));
    return FarDialog::of_caller(world.last_text("SIP/2.0 200"));
  }
  // Alice calls a far side: her INVITE.
  std::string alice_calls_far() {
    call = alice.call_address(far, description("alice"));
    return world.last_text("INVITE");
  }
  void expect_rest() {
    world.run(minutes(3));
    EXPECT_TRUE(world.is_at_rest());
  }

  World world;
  Phone& alice = world.add("alice");
  Phone& bob = world.add("bob");
  Handle<Call> call;
  bool rings = true, accepts = true;
};

TEST_F(CallTest, is_made_answered_and_ended) {
  call = alice.call(bob, description("alice"));
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(),
              ElementsAre("alice INVITE", "bob 180 INVITE", "bob 200 INVITE", "alice ACK"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "established"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "established"));
  EXPECT_EQ(alice.local, description("alice"));
  EXPECT_EQ(alice.remote, description("bob"));
  EXPECT_EQ(bob.local, description("bob"));
  EXPECT_EQ(bob.remote, description("alice"));
  end(alice, call);
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice BYE", "bob 200 BYE"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended local"));
  EXPECT_THAT(bob.take_events(), ElementsAre("ended remote"));
  expect_rest();
}

TEST_F(CallTest, keeps_the_history_of_its_last_transitions) {
  establish();
  const History* const history = alice.calls.history(call);
  ASSERT_NE(history, nullptr);
  std::vector<std::string> events;
  for (std::uint32_t i = 0; i < history->size(); ++i)
    events.emplace_back(to_string(static_cast<CallEvent>((*history)[i].event)));
  EXPECT_THAT(events,
              ElementsAre("invite_sent", "provisional", "success", "acknowledged", "agreed"));
  EXPECT_EQ((*history)[2].status, 200);
  EXPECT_EQ((*history)[2].state, static_cast<std::uint8_t>(CallState::established));
}

TEST_F(CallTest, is_named_by_a_handle_that_is_stale_after_its_end) {
  establish();
  end(bob, bob.last);
  world.run(seconds(1));
  EXPECT_EQ(alice.calls.end(alice.place(), call).error(), CallError::stale_call);
  EXPECT_EQ(alice.calls.dialog(call), nullptr);
}

// I01.
TEST_F(CallTest, repeats_its_2xx_until_the_ack_and_ends_by_bye_after_64_t1) {
  world.lose = [&](const NetworkAddress&, const std::string& text) {
    return text.starts_with("ACK");
  };
  call = alice.call(bob, description("alice"));
  world.run(seconds(31));
  // 0, 0.5, 1.5, 3.5, 7.5 and then every 4 s.
  EXPECT_EQ(world.count("SIP/2.0 200 OK"), 10u);
  world.take_ladder();
  world.run(seconds(2));
  EXPECT_THAT(world.take_ladder(), ::testing::Contains("bob BYE"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "established", "ended unacknowledged"));
  expect_rest();
}

// D07: the same ACK again, and the user hears nothing.
TEST_F(CallTest, acknowledges_a_2xx_that_comes_again) {
  int acks = 0;
  world.lose = [&](const NetworkAddress&, const std::string& text) {
    return text.starts_with("ACK") && ++acks <= 2;
  };
  call = alice.call(bob, description("alice"));
  world.run(seconds(10));
  EXPECT_EQ(acks, 3);
  EXPECT_EQ(world.count("SIP/2.0 200 OK"), 3u);
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "established"));
}

// I02.
TEST_F(CallTest, goes_on_repeating_its_2xx_when_the_ack_is_of_another_number) {
  FarDialog dialog = far_calls_bob();
  world.inject(far, bob, dialog.request("ACK", {}, {}, 99));
  world.run(seconds(2));
  EXPECT_EQ(world.count("SIP/2.0 200"), 3u);
  world.inject(far, bob, dialog.request("ACK", {}, {}, 100));
  world.run(seconds(10));
  EXPECT_EQ(world.count("SIP/2.0 200"), 3u);
}

// I03.
TEST_F(CallTest, that_is_not_acknowledged_ends_by_their_bye_and_sends_none_before) {
  FarDialog dialog = far_calls_bob();
  end(bob, bob.last);
  world.run(seconds(5));
  EXPECT_EQ(world.count("BYE"), 0u) << "not before the ACK";
  const std::size_t repeated = world.count("SIP/2.0 200");
  world.inject(far, bob, dialog.request("BYE"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  world.run(seconds(20));
  EXPECT_EQ(world.count("SIP/2.0 200"), repeated + 1);
  EXPECT_EQ(bob.ends, 1);
}

TEST_F(CallTest, hung_up_before_the_ack_sends_bye_when_it_has_come) {
  FarDialog dialog = far_calls_bob();
  end(bob, bob.last);
  world.inject(far, bob, dialog.request("ACK"));
  EXPECT_THAT(world.texts.back(), StartsWith("BYE"));
}

// I04.
TEST_F(CallTest, that_rings_is_cancelled_with_487_and_the_same_tag) {
  accepts = false;
  call = alice.call(bob, description("alice"));
  world.run(seconds(1));
  const std::string ringing = world.last_text("SIP/2.0 180");
  end(alice, call);
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice INVITE", "bob 180 INVITE", "alice CANCEL",
                                               "bob 200 CANCEL", "bob 487 INVITE", "alice ACK"));
  EXPECT_EQ(header_of(world.last_text("SIP/2.0 487"), "To"), header_of(ringing, "To"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "ended local 487"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "ended remote 487"));
  expect_rest();
}

// I05.
TEST_F(CallTest, cancelled_before_any_response_waits_for_the_first_provisional) {
  const std::string invite = alice_calls_far();
  end(alice, call);
  world.run(milliseconds(100));
  EXPECT_EQ(world.count("CANCEL"), 0u);
  world.inject(far, alice, reply(invite, "180 Ringing"));
  EXPECT_THAT(world.texts.back(), StartsWith("CANCEL"));
}

TEST_F(CallTest, cancelled_before_any_response_that_is_answered_at_once_is_acknowledged_and_ended) {
  const std::string invite = alice_calls_far();
  end(alice, call);
  world.inject(far, alice, reply(invite, "200 OK", "f1", {}, description("far")));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice INVITE", "alice ACK", "alice BYE"));
  world.inject(far, alice, reply(world.last_text("BYE"), "200 OK"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended local"));
}

// I06.
TEST_F(CallTest, cancelled_while_it_is_answered_is_acknowledged_and_ended) {
  const std::string invite = alice_calls_far();
  world.inject(far, alice, reply(invite, "180 Ringing"));
  end(alice, call);
  world.inject(far, alice, reply(invite, "200 OK", "f1", {}, description("far")));
  EXPECT_THAT(world.take_ladder(),
              ElementsAre("alice INVITE", "alice CANCEL", "alice ACK", "alice BYE"));
}

TEST_F(CallTest, cancelled_without_a_word_from_the_far_side_ends_64_t1_later) {
  const std::string invite = alice_calls_far();
  world.inject(far, alice, reply(invite, "180 Ringing"));
  end(alice, call);
  world.run(seconds(33));
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "ended local 408"));
}

// I08.
TEST_F(CallTest, that_rings_ends_by_the_callers_bye_with_487) {
  accepts = false;
  world.inject(far, bob, far_invite("sip:bob@192.0.2.2", {}, description("far")));
  FarDialog dialog = FarDialog::of_caller(world.last_text("SIP/2.0 180"));
  world.take_ladder();
  world.inject(far, bob, dialog.request("BYE"));
  EXPECT_THAT(world.take_ladder(), ElementsAre("bob 200 BYE", "bob 487 INVITE"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "ended remote 487"));
}

// I10.
TEST_F(CallTest, that_rings_beyond_its_expires_ends_with_487) {
  accepts = false;
  world.inject(far, bob, far_invite("sip:bob@192.0.2.2", "Expires: 20\r\n", description("far")));
  world.run(seconds(19));
  EXPECT_EQ(bob.ends, 0);
  world.run(seconds(2));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "ended timed_out 487"));
}

// I11.
TEST_F(CallTest, that_rings_long_says_so_each_minute) {
  accepts = false;
  world.inject(far, bob, far_invite("sip:bob@192.0.2.2", {}, description("far")));
  world.run(seconds(190));
  EXPECT_EQ(world.count("SIP/2.0 180"), 4u);
}

// I12.
TEST_F(CallTest, ended_by_both_at_once_is_an_error_for_neither) {
  establish();
  end(alice, call);
  end(bob, bob.last);
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(), ::testing::UnorderedElementsAre("alice BYE", "bob BYE",
                                                                   "alice 200 BYE", "bob 200 BYE"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended local"));
  EXPECT_THAT(bob.take_events(), ElementsAre("ended local"));
  expect_rest();
}

// I13.
TEST_F(CallTest, is_gone_when_its_bye_has_no_response_or_481) {
  establish();
  world.lose = [](const NetworkAddress&, const std::string& text) {
    return text.starts_with("BYE");
  };
  end(alice, call);
  world.run(seconds(33));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended local"));
}

// I14.
TEST_F(CallTest, whose_2xx_lacks_the_answer_is_acknowledged_and_ended) {
  const std::string invite = alice_calls_far();
  world.inject(far, alice, reply(invite, "200 OK"));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice INVITE", "alice ACK", "alice BYE"));
  world.inject(far, alice, reply(world.last_text("BYE"), "200 OK"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended undescribed 200"));
}

// I17, I21: told with the response, so that its Retry-After can be read.
TEST_F(CallTest, that_is_refused_says_by_what) {
  const std::string invite = alice_calls_far();
  std::string retry_after;
  alice.on_ended = [&](const Ended& ended) {
    retry_after = ended.message->first(HeaderId::retry_after).value_or("");
  };
  world.inject(far, alice, reply(invite, "503 Service Unavailable", "f1", "Retry-After: 30\r\n"));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice INVITE", "alice ACK"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended refused 503"));
  EXPECT_EQ(retry_after, "30");
}

// I18, D22.
TEST_F(CallTest, with_an_extension_that_is_required_and_unknown_is_refused_by_name) {
  world.inject(far, bob, far_invite("sip:bob@192.0.2.2", "Require: 100rel, nonsense\r\n"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 420"));
  EXPECT_EQ(header_of(world.texts.back(), "Unsupported"), "nonsense");
  EXPECT_THAT(bob.take_events(), IsEmpty());
  FarDialog dialog = far_calls_bob();
  world.inject(far, bob, dialog.request("INFO", "Require: nonsense\r\n"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 420"));
  EXPECT_EQ(bob.calls.state(bob.last), CallState::established);
}

TEST_F(CallTest, that_would_replace_or_join_another_is_refused) {
  for (const std::string_view header : {"Replaces", "Join"}) {
    const std::string line = std::string(header) + ": c1;to-tag=1;from-tag=2\r\n";
    world.inject(far, bob, far_invite("sip:bob@192.0.2.2", line, description("far")));
    EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 420"));
  }
  EXPECT_THAT(bob.take_events(), IsEmpty());
}

// I19.
TEST_F(CallTest, with_a_body_that_nobody_knows_is_refused_unless_it_is_optional) {
  std::string invite = far_invite("sip:bob@192.0.2.2", {}, "hello");
  world.inject(far, bob, replaced(invite, "application/sdp", "text/plain"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 415"));
  EXPECT_THAT(header_of(world.texts.back(), "Accept"), HasSubstr("application/sdp"));
  invite =
      far_invite("sip:bob@192.0.2.2", "Content-Disposition: render;handling=optional\r\n", "hello");
  world.inject(far, bob, replaced(invite, "application/sdp", "text/plain"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming"));
}

TEST_F(CallTest, reads_the_description_within_a_multipart_body) {
  const std::string body = "--b\r\nContent-Type: application/sdp\r\n\r\n" + description("far") +
                           "\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n";
  const std::string invite = far_invite("sip:bob@192.0.2.2", {}, body);
  world.inject(far, bob, replaced(invite, "application/sdp", "multipart/mixed;boundary=b"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "established"));
  EXPECT_EQ(bob.remote, description("far"));
}

// D25.
TEST_F(CallTest, that_finds_no_room_is_refused_with_503_and_leaves_nothing) {
  bob.calls.fail_nth_call(1);
  world.inject(far, bob, far_invite("sip:bob@192.0.2.2", {}, description("far")));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 503"));
  EXPECT_EQ(header_of(world.texts.back(), "Retry-After"), "5");
  EXPECT_EQ(bob.calls.alive(), 0u);
  world.inject(far, bob,
               replaced(FarDialog::of_caller(world.texts.back()).request("ACK"), "far", "far"));
  world.run(minutes(2));
  EXPECT_EQ(bob.engine.buffers().size(), 0u);
}

// However far it gets when memory runs out, the caller has an answer and nothing is left.
TEST_F(CallTest, survives_the_nth_buffer_that_is_not_there) {
  bob.on_incoming = [&](const IncomingCall& incoming) {
    (void)bob.calls.ring(bob.place(), incoming.call);
    const std::string body = description("bob");
    if (!bob.calls.accept(bob.place(), incoming.call, {.body = body})) {
      EXPECT_TRUE(bob.calls.reject(bob.place(), incoming.call, 503));
    }
  };
  for (std::uint64_t nth = 1; nth <= 40; ++nth) {
    SCOPED_TRACE(nth);
    bob.engine.buffers().fail_nth_acquire(nth);
    call = alice.call(bob, description("alice"));
    world.run(seconds(40));
    bob.engine.buffers().fail_nth_acquire(0);
    if (alice.calls.state(call)) end(alice, call);
    world.run(minutes(3));
    EXPECT_TRUE(world.is_at_rest());
    EXPECT_EQ(alice.ends, static_cast<int>(nth));
  }
}

// D05, D06.
TEST_F(CallTest, that_forks_is_of_whom_answers_first_and_ends_the_others) {
  const std::string invite = alice_calls_far();
  world.inject(far, alice, reply(invite, "180 Ringing", "a"));
  world.inject(far, alice, reply(invite, "180 Ringing", "b"));
  EXPECT_FALSE(alice.calls.is_at_rest());
  world.inject(far, alice, reply(invite, "200 OK", "c", {}, description("far")));
  ASSERT_NE(alice.calls.dialog(call), nullptr);
  EXPECT_EQ(alice.calls.dialog(call)->remote_tag(), "c");
  world.take_ladder();
  world.inject(far, alice, reply(invite, "200 OK", "b", {}, description("far")));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice ACK", "alice BYE"));
  EXPECT_THAT(header_of(world.last_text("BYE"), "To"), HasSubstr("tag=b"));
  world.inject(far, alice, reply(world.last_text("BYE"), "200 OK"));
  world.inject(far, alice, reply(invite, "200 OK", "b", {}, description("far")));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice ACK"))
      << "ended once, acknowledged each time";
  EXPECT_EQ(alice.calls.state(call), CallState::established);
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "ringing 180", "established"));
}

// D02, D04.
TEST_F(CallTest, takes_the_route_set_of_its_2xx) {
  const std::string invite = alice_calls_far();
  world.inject(far, alice,
               reply(invite, "180 Ringing", "a", "Record-Route: <sip:old.example;lr>\r\n"));
  world.inject(far, alice,
               reply(invite, "200 OK", "a",
                     "Record-Route: <sip:p2.example;lr>\r\nRecord-Route: "
                     "<sip:p1.example;lr>\r\n",
                     description("far")));
  EXPECT_EQ(header_of(world.last_text("ACK"), "Route"), "<sip:p1.example;lr>, <sip:p2.example;lr>");
}

// D03: also the BYE after a lost ACK.
TEST_F(CallTest, that_is_not_acknowledged_hangs_up_through_a_strict_router) {
  far_calls_bob("Record-Route: <sip:strict.example>\r\n");
  world.run(seconds(40));
  const std::string bye = world.last_text("BYE");
  EXPECT_EQ(first_line(bye), "BYE sip:strict.example SIP/2.0");
  EXPECT_EQ(header_of(bye, "Route"), "<sip:far@192.0.2.99>");
}

// D08.
TEST_F(CallTest, makes_no_dialog_of_a_provisional_without_a_tag) {
  const std::string invite = alice_calls_far();
  world.inject(far, alice, reply(invite, "180 Ringing", ""));
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180"));
  FarDialog dialog = FarDialog::of_callee(invite, "x");
  world.inject(far, alice, dialog.request("INFO"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481"));
}

// D09, D10.
TEST_F(CallTest, refuses_what_is_out_of_order_whatever_it_is) {
  FarDialog dialog = far_calls_bob();
  world.inject(far, bob, dialog.request("ACK"));
  world.inject(far, bob, dialog.request("OPTIONS", {}, {}, 1'100));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  for (const std::string_view method : {"OPTIONS", "INVITE", "UPDATE", "INFO", "BYE", "MESSAGE"}) {
    world.inject(far, bob, dialog.request(method, {}, {}, 1'100));
    EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 500")) << method;
  }
  EXPECT_EQ(bob.calls.state(bob.last), CallState::established);
}

// D11, D12.
TEST_F(CallTest, knows_its_dialog_by_all_of_its_names) {
  FarDialog dialog = far_calls_bob();
  world.inject(far, bob, dialog.request("ACK"));
  FarDialog other = dialog;
  other.from = replaced(other.from, "tag=f1", "tag=f2");
  world.inject(far, bob, other.request("BYE"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481"));
  other = dialog;
  other.call_id = "another";
  world.inject(far, bob, other.request("BYE"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481"));
  other = dialog;
  other.to = replaced(other.to, "tag=", "tag=0");
  world.inject(far, bob, other.request("BYE"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481"));
  EXPECT_EQ(bob.calls.state(bob.last), CallState::established);
}

TEST_F(CallTest, that_has_ended_is_unknown) {
  FarDialog dialog = far_calls_bob();
  world.inject(far, bob, dialog.request("ACK"));
  world.inject(far, bob, dialog.request("BYE"));
  for (const std::string_view method : {"BYE", "INVITE", "UPDATE", "OPTIONS"}) {
    world.inject(far, bob, dialog.request(method));
    EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481")) << method;
  }
}

// D13.
TEST_F(CallTest, of_one_call_id_and_two_tags_is_two) {
  world.inject(far, bob, far_invite("sip:bob@192.0.2.2", {}, description("far"), "one", "t1"));
  world.inject(far, bob, far_invite("sip:bob@192.0.2.2", {}, description("far"), "one", "t2"));
  EXPECT_EQ(bob.calls.alive(), 2u);
}

// D20.
TEST_F(CallTest, whose_far_side_does_not_know_it_any_more_ends) {
  establish();
  ASSERT_TRUE(alice.calls.request(alice.place(), call, Method::info,
                                  {.body = "5", .type = "application/dtmf"}));
  alice.drain();
  world.run(seconds(1));
  EXPECT_THAT(bob.take_events(), ElementsAre("requested INFO"));
  EXPECT_TRUE(bob.engine.respond(world.now, bob.requested, {.status = 481}));
  bob.drain();
  world.run(seconds(1));
  EXPECT_THAT(alice.take_events(), ElementsAre("replied 481", "ended lost 481"));
}

// D21.
TEST_F(CallTest, of_whose_requests_one_is_refused_goes_on) {
  establish();
  for (const int status : {400, 405, 415, 486, 501, 503, 603}) {
    ASSERT_TRUE(alice.calls.request(alice.place(), call, Method::info));
    alice.drain();
    world.run(milliseconds(100));
    ASSERT_TRUE(bob.engine.respond(world.now, bob.requested,
                                   {.status = static_cast<std::uint16_t>(status)}));
    bob.drain();
    world.run(milliseconds(100));
    EXPECT_EQ(alice.calls.state(call), CallState::established) << status;
  }
}

// D23.
TEST_F(CallTest, refuses_methods_that_it_does_not_know_by_name) {
  FarDialog dialog = far_calls_bob();
  world.inject(far, bob, dialog.request("ACK"));
  const auto refused = [&](std::string_view method) {
    world.inject(far, bob, dialog.request(method));
    return world.texts.back().substr(8, 3);
  };
  EXPECT_EQ(refused("NONSENSE"), "501");
  EXPECT_THAT(header_of(world.texts.back(), "Allow"), HasSubstr("UPDATE"));
  EXPECT_EQ(refused("REFER"), "405");
  EXPECT_EQ(refused("SUBSCRIBE"), "405");
  EXPECT_EQ(refused("NOTIFY"), "481");
  world.inject(far, bob, dialog.request("INFO", "Info-Package: nonsense\r\n"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 469"));
  EXPECT_EQ(bob.calls.state(bob.last), CallState::established);
}

// D14.
TEST_F(CallTest, of_ours_takes_any_first_number_of_the_far_side) {
  const std::string invite = alice_calls_far();
  world.inject(far, alice, reply(invite, "200 OK", "f1", {}, description("far")));
  FarDialog dialog = FarDialog::of_callee(invite, "f1");
  world.inject(far, alice, dialog.request("OPTIONS", {}, {}, 0));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
}

TEST_F(CallTest, without_a_dialog_is_none_of_what_needs_one) {
  for (const std::string_view method : {"BYE", "PRACK", "UPDATE", "INFO"}) {
    FarDialog nothing{"sip:bob@192.0.2.2", "<sip:far@192.0.2.99>;tag=1", "<sip:bob@192.0.2.2>", "x",
                      1};
    world.inject(far, bob, nothing.request(method));
    EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481")) << method;
  }
}

TEST_F(CallTest, of_ours_gives_up_when_its_patience_ends) {
  accepts = false;
  call = alice.call(bob, description("alice"), {.patience = seconds(30)});
  world.run(seconds(31));
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "ended local 487"));
  expect_rest();
}

TEST_F(CallTest, to_nobody_times_out) {
  alice_calls_far();
  world.run(seconds(33));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended timed_out 408"));
  expect_rest();
}

TEST_F(CallTest, is_rejected_with_any_code) {
  bob.on_incoming = [&](const IncomingCall& incoming) {
    const HeaderLine lines[] = {{"Reason", "Q.850;cause=17"}};
    EXPECT_TRUE(bob.calls.reject(bob.place(), incoming.call, 486, lines));
  };
  call = alice.call(bob, description("alice"));
  world.run(seconds(1));
  EXPECT_EQ(header_of(world.last_text("SIP/2.0 486"), "Reason"), "Q.850;cause=17");
  EXPECT_THAT(alice.take_events(), ElementsAre("ended refused 486"));
  expect_rest();
}

TEST_F(CallTest, carries_the_users_own_header_fields_and_no_line_of_theirs) {
  const HeaderLine good[] = {{"Subject", "Lunch"}, {"X-Trace", "1"}};
  alice.call_address(far, description("alice"), {.headers = good});
  EXPECT_EQ(header_of(world.last_text("INVITE"), "Subject"), "Lunch");
  const HeaderLine bad[] = {{"Subject", "Lunch\r\nX-Smuggled: 1"}};
  EXPECT_EQ(alice.calls
                .invite(alice.place(),
                        {.to = "sip:a@b", .from = "<sip:c@d>", .destination = far, .headers = bad})
                .error(),
            CallError::unwritable);
}

// I22.
TEST(CallProbe, finds_that_the_far_side_has_vanished) {
  World world;
  Phone& alice = world.add("alice", {.probe_every = minutes(5)});
  const Handle<Call> call = alice.call_address(far, description("alice"));
  world.inject(far, alice,
               reply(world.last_text("INVITE"), "200 OK", "f1", {}, description("far")));
  world.run(minutes(5) + seconds(1));
  EXPECT_THAT(world.texts.back(), StartsWith("OPTIONS"));
  world.inject(far, alice, reply(world.texts.back(), "200 OK"));
  world.run(minutes(4));
  EXPECT_EQ(alice.calls.state(call), CallState::established);
  world.run(minutes(3));
  EXPECT_THAT(alice.take_events(), ElementsAre("established", "ended lost 408"));
  EXPECT_EQ(alice.calls.counters().orphans, 1u);
}

}  // namespace
}  // namespace sipring::test
