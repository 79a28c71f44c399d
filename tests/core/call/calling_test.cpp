// Our INVITE and what comes of it: RFC 3261 sections 8.1.1, 13.2.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

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
  EXPECT_EQ(alice.calls.end(alice.moment(), call).error(), CallError::stale_call);
  EXPECT_EQ(alice.calls.dialog(call), nullptr);
}

// I17, I21: told with the response, so that its Retry-After can be read.
TEST_F(CallTest, that_is_refused_says_by_what) {
  const std::string invite = alice_calls_far();
  std::string retry_after;
  alice.on_ended = [&](const Ended& ended) {
    retry_after = ended.message->first(HeaderId::retry_after).value_or("");
  };
  world.inject(far_address, alice,
               reply(invite, "503 Service Unavailable", "f1", "Retry-After: 30\r\n"));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice INVITE", "alice ACK"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended refused 503"));
  EXPECT_EQ(retry_after, "30");
}

// D14.
TEST_F(CallTest, of_ours_takes_any_first_number_of_the_far_side) {
  const std::string invite = alice_calls_far();
  world.inject(far_address, alice, reply(invite, "200 OK", "f1", {}, description("far")));
  FarDialog dialog = FarDialog::of_callee(invite, "f1");
  world.inject(far_address, alice, dialog.request("OPTIONS", {}, {}, 0));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
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

TEST_F(CallTest, carries_the_users_own_header_fields_and_no_line_of_theirs) {
  const HeaderLine good[] = {{"Subject", "Lunch"}, {"X-Trace", "1"}};
  alice.call_address(far_address, description("alice"), {.headers = good});
  EXPECT_EQ(header_of(world.last_text("INVITE"), "Subject"), "Lunch");
  const HeaderLine bad[] = {{"Subject", "Lunch\r\nX-Smuggled: 1"}};
  EXPECT_EQ(
      alice.calls
          .invite(
              alice.moment(),
              {.to = "sip:a@b", .from = "<sip:c@d>", .destination = far_address, .headers = bad})
          .error(),
      CallError::unwritable);
}

// D16.
class SecureCallTest : public ::testing::Test {
 protected:
  std::string invite_contact(std::string_view request_uri, std::string_view route = {}) {
    const std::string offer = description("alice");
    EXPECT_TRUE(alice.calls.invite(alice.moment(), {.to = "<sip:bob@example.com>",
                                                    .from = alice.contact,
                                                    .request_uri = request_uri,
                                                    .route = route,
                                                    .destination = far_address,
                                                    .offer = offer}));
    alice.take_outputs();
    return header_of(world.last_text("INVITE"), "Contact");
  }
  static constexpr std::string_view secure_contact = "<sips:alice@192.0.2.1>";

  World world;
  Phone& alice = world.add_at({"192.0.2.1", "<sip:alice@192.0.2.1>", std::string(secure_contact)});
};

TEST_F(SecureCallTest, has_a_sips_contact_where_the_request_uri_or_the_first_route_is_sips) {
  EXPECT_EQ(invite_contact("sip:bob@example.com"), alice.contact);
  EXPECT_EQ(invite_contact("sips:bob@example.com"), secure_contact);
  EXPECT_EQ(invite_contact("SIPS:bob@example.com"), secure_contact);
  EXPECT_EQ(invite_contact("sip:bob@example.com", "<sips:p.example.com;lr>"), secure_contact);
  EXPECT_EQ(invite_contact("sip:bob@example.com", "<sip:p.example.com;lr>"), alice.contact);
}

TEST_F(SecureCallTest, that_comes_by_sips_has_a_sips_contact_in_its_responses) {
  alice.on_incoming = [this](const IncomingCall& call) {
    EXPECT_TRUE(alice.calls.ring(alice.moment(), call.call));
  };
  world.inject(far_address, alice, far_invite("sips:alice@192.0.2.1", {}, description("far")));
  EXPECT_EQ(header_of(world.last_text("SIP/2.0 180"), "Contact"), secure_contact);
}

// D02, D04.
TEST_F(CallTest, takes_the_route_set_of_its_2xx) {
  const std::string invite = alice_calls_far();
  world.inject(far_address, alice,
               reply(invite, "180 Ringing", "a", "Record-Route: <sip:old.example;lr>\r\n"));
  world.inject(far_address, alice,
               reply(invite, "200 OK", "a",
                     "Record-Route: <sip:p2.example;lr>\r\nRecord-Route: "
                     "<sip:p1.example;lr>\r\n",
                     description("far")));
  EXPECT_EQ(header_of(world.last_text("ACK"), "Route"), "<sip:p1.example;lr>, <sip:p2.example;lr>");
}

}  // namespace
}  // namespace sipring::test
