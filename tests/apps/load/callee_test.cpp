// SPDX-License-Identifier: MIT
#include <load/callee.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/apps/load/phones_fixture.h"

namespace sipring::app::test {
namespace {

class CalleeTest : public PhonesFixture {
 protected:
  // Phones that are registered, and have nobody to call.
  void be_called(Duration rings = {}) {
    LoadOptions options = ten_calls(Scenario::called);
    options.rings = rings;
    begin(options, 3);
    run(seconds(1));
    sent.clear();
    lose = [](std::string_view) { return true; };
  }
  std::string answered(const std::string& invite = invite_to("load4")) {
    receive(invite);
    const auto answers = sent_with("SIP/2.0 200");
    EXPECT_EQ(answers.size(), 1u);
    return answers.empty() ? std::string() : answers.back();
  }
};

TEST_F(CalleeTest, phones_call_each_other_and_both_ends_are_counted) {
  begin(ten_calls(), 3);
  run(seconds(5));
  EXPECT_EQ(load->tally().started, 10u);
  EXPECT_EQ(load->tally().succeeded, 10u);
  EXPECT_EQ(load->tally().failed(), 0u);
  EXPECT_EQ(phones().arrived, 10u);
  EXPECT_EQ(phones().matched, 10u);
  EXPECT_EQ(phones().answered, 10u);
  EXPECT_EQ(phones().completed, 10u);
  EXPECT_EQ(phones().open, 0u);
  EXPECT_EQ(phones().failed + phones().cancelled + phones().misrouted + phones().repeated, 0u);
  EXPECT_EQ(phones().arrival.largest(), milliseconds(1));  // each message takes one
  EXPECT_EQ(phones().setup.largest(), milliseconds(2));
}

TEST_F(CalleeTest, calls_begin_when_all_phones_have_settled_and_go_from_one_to_the_next) {
  begin(ten_calls(), 3);
  run(seconds(5));
  const auto invites = sent_with("INVITE");
  ASSERT_EQ(invites.size(), 10u);
  EXPECT_EQ(first_line(invites[0]), "INVITE sip:load4@example.com SIP/2.0");
  EXPECT_TRUE(header_of(invites[0], "From").starts_with("<sip:load1@example.com>"));
  EXPECT_EQ(header_of(invites[0], "Contact"), "<sip:load1@192.0.2.1:5062>");
  EXPECT_EQ(first_line(invites[2]), "INVITE sip:load1@example.com SIP/2.0");
  EXPECT_GT(std::ranges::find(sent, invites[0]) - sent.begin(), 2);
}

TEST_F(CalleeTest, calls_are_held_so_long_and_hung_up_by_the_caller) {
  LoadOptions options = ten_calls();
  options.hold = seconds(3);
  begin(options, 2);
  run(milliseconds(2'900));
  EXPECT_EQ(phones().open, 10u);
  run(seconds(3));
  EXPECT_EQ(phones().completed, 10u);
  EXPECT_EQ(load->tally().succeeded, 10u);
}

TEST_F(CalleeTest, a_phone_rings_so_long_and_answers) {
  be_called(seconds(2));
  receive(invite_to("load4"));
  run(milliseconds(1'900));
  EXPECT_EQ(sent_with("SIP/2.0 180").size(), 1u);
  EXPECT_EQ(phones().answered, 0u);
  run(milliseconds(200));
  EXPECT_EQ(phones().answered, 1u);
  EXPECT_EQ(sent_with("SIP/2.0 200").size(), 1u);
}

TEST_F(CalleeTest, a_cancel_ends_what_rings) {
  be_called(seconds(2));
  receive(invite_to("load4"));
  receive(request_to("load4", "CANCEL"));
  EXPECT_EQ(sent_with("SIP/2.0 487").size(), 1u);
  EXPECT_EQ(phones().cancelled, 1u);
  run(seconds(3));
  EXPECT_EQ(phones().answered, 0u);
}

TEST_F(CalleeTest, the_call_of_another_caller_is_answered_and_not_matched) {
  be_called();
  const std::string response = answered();
  EXPECT_NE(body_of(response).find("m=audio 9 RTP/AVP 0"), std::string::npos);
  receive(later(response, "ACK", "z9hG4bKack"));
  run(seconds(1));
  receive(later(response, "BYE", "z9hG4bKbye"));
  EXPECT_EQ(phones().arrived, 1u);
  EXPECT_EQ(phones().matched, 0u);
  EXPECT_EQ(phones().completed, 1u);
  EXPECT_EQ(phones().setup.count(), 1u);
  EXPECT_EQ(phones().repeated, 0u);
}

TEST_F(CalleeTest, a_2xx_goes_once_more_until_its_ack_and_is_counted) {
  be_called();
  const std::string response = answered();
  run(milliseconds(1'600));  // T1, and 2 T1
  EXPECT_EQ(phones().repeated, 2u);
  receive(later(response, "ACK", "z9hG4bKack"));
  run(seconds(10));
  EXPECT_EQ(phones().repeated, 2u);
  EXPECT_EQ(sent_with("SIP/2.0 200").size(), 3u);
}

TEST_F(CalleeTest, a_call_without_an_ack_is_not_completed) {
  be_called();
  (void)answered();
  run(seconds(70));
  EXPECT_EQ(phones().failed, 1u);
  EXPECT_EQ(phones().completed, 0u);
  EXPECT_EQ(sent_with("BYE").empty(), false);
}

TEST_F(CalleeTest, a_reinvite_is_answered_in_the_same_session) {
  be_called();
  const std::string response = answered();
  receive(later(response, "ACK", "z9hG4bKack"));
  const std::string held =
      replaced(std::string(audio_offer), "t=0 0\r\n", "t=0 0\r\na=sendonly\r\n");
  receive(with_body(later(response, "INVITE", "z9hG4bKhold"), held));
  const std::string again = sent.back();
  EXPECT_NE(body_of(again).find("a=recvonly"), std::string::npos);
  const auto origin = [](const std::string& text) {
    const std::string body = body_of(text);
    return body.substr(body.find("o="), body.find("\r\ns=") - body.find("o="));
  };
  EXPECT_EQ(origin(again), replaced(origin(response), " 1 IN", " 2 IN"));
}

TEST_F(CalleeTest, a_bye_that_overtakes_the_ack_ends_a_call_all_the_same) {
  be_called();
  const std::string response = answered();
  receive(later(response, "BYE", "z9hG4bKbye"));
  EXPECT_EQ(phones().completed, 1u);
}

TEST_F(CalleeTest, who_is_no_phone_of_ours_is_not_found) {
  be_called();
  for (const char* user : {"load", "load0", "load2", "load10", "load4x", "bob"})
    receive(invite_to(user, std::string("z9hG4bK") + user));
  EXPECT_EQ(sent_with("SIP/2.0 404").size(), 6u);
  EXPECT_EQ(phones().misrouted, 6u);
  EXPECT_EQ(phones().failed, 6u);
}

TEST_F(CalleeTest, a_call_that_a_proxy_sends_to_another_phone_is_told) {
  begin(ten_calls(), 3);
  run(milliseconds(5));
  std::swap(proxy.bindings["sip:load4@example.com"], proxy.bindings["sip:load7@example.com"]);
  run(seconds(5));
  EXPECT_EQ(phones().misrouted, 6u);
  EXPECT_EQ(phones().completed, 10u);
}

TEST_F(CalleeTest, a_call_by_another_connection_than_that_of_the_registration_is_told) {
  way_in = [](std::string_view text, Flow) {
    return Flow::of_connection(0, text.starts_with("INVITE sip:load4@") ? 9 : 5, 1);
  };
  begin(ten_calls(), 3);
  run(seconds(5));
  EXPECT_EQ(phones().arrived, 10u);
  EXPECT_EQ(phones().elsewhere, 4u);
}

TEST_F(CalleeTest, an_offer_that_it_cannot_take_is_refused) {
  be_called();
  receive(with_body(request_to("load4", "INVITE"),
                    replaced(std::string(audio_offer), "AVP 0", "AVP 18")));
  EXPECT_EQ(sent_with("SIP/2.0 488").size(), 1u);
  EXPECT_EQ(phones().failed, 1u);
}

TEST_F(CalleeTest, options_to_a_phone_are_answered) {
  be_called();
  receive(request_to("load4", "OPTIONS"));
  EXPECT_EQ(first_line(sent.back()), "SIP/2.0 200 OK");
}

TEST_F(CalleeTest, what_talks_in_the_end_gets_a_bye) {
  be_called();
  const std::string response = answered();
  receive(later(response, "ACK", "z9hG4bKack"));
  finish();
  run(milliseconds(100));
  EXPECT_EQ(sent_with("BYE").size(), 1u);
}

}  // namespace
}  // namespace sipring::app::test
