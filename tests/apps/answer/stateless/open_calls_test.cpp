// The calls of `sipring answer --stateless-dialogs`: RFC 3261 sections 12, 13.3, 14.2, 15.1.2.
// SPDX-License-Identifier: MIT
#include "tests/apps/answer/answer_fixture.h"

#include <gmock/gmock.h>

namespace sipring::app::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pointwise;
using ::testing::SizeIs;
using ::testing::StartsWith;

class OpenCalls : public StatelessFixture {};

TEST_F(OpenCalls, are_answered_with_100_180_and_200) {
  receive(invite_to("bob"));
  EXPECT_THAT(take_first_lines(),
              ElementsAre("SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK"));
}

TEST_F(OpenCalls, get_a_200_that_says_where_we_are_and_what_we_can_do) {
  const std::string ok = answered();
  EXPECT_EQ(header_of(ok, "Contact"), "<sip:192.0.2.9:5060>");
  EXPECT_THAT(header_of(ok, "Allow"), HasSubstr("INVITE, ACK, CANCEL, BYE"));
  EXPECT_EQ(header_of(ok, "Supported"), "siprec");
  EXPECT_EQ(header_of(ok, "Content-Type"), "application/sdp");
  EXPECT_THAT(body_of(ok), HasSubstr("m=audio 9 RTP/AVP 0\r\n"));
}

TEST_F(OpenCalls, get_an_offer_when_they_bring_none) {
  receive(request_to("bob", "INVITE"));
  EXPECT_THAT(body_of(take_sent().back()), HasSubstr("m=audio 9 RTP/AVP 0 8 101\r\n"));
}

TEST_F(OpenCalls, have_the_same_tag_in_180_and_200_and_another_one_the_next_time) {
  receive(invite_to("bob"));
  const auto first = take_sent();
  EXPECT_EQ(header_of(first[1], "To"), header_of(first[2], "To"));
  receive(invite_to("bob", "z9hG4bK2"));
  EXPECT_NE(header_of(first[2], "To"), header_of(take_sent()[2], "To"));
}

TEST_F(OpenCalls, are_told_apart_by_their_tags_though_one_takes_the_place_of_the_other) {
  const std::string first = answered();
  receive(within(first, "ACK", "z9hG4bK2"));
  receive(invite_to("bob", "z9hG4bK3"));
  const std::string second = take_sent().back();
  EXPECT_NE(header_of(first, "To"), header_of(second, "To"));
  receive(with_body(within(first, "INVITE", "z9hG4bK4"), audio_offer));
  take_sent();
  EXPECT_EQ(user.calls().alive(), 2u);
  receive(within(first, "ACK", "z9hG4bK5"));
  EXPECT_EQ(user.calls().alive(), 1u);
  receive(within(first, "ACK", "z9hG4bK6"));
  EXPECT_EQ(user.calls().alive(), 1u);
  receive(within(second, "ACK", "z9hG4bK7"));
  EXPECT_EQ(user.calls().alive(), 0u);
}

TEST_F(OpenCalls, need_no_memory_after_their_ACK) {
  const std::string ok = answered();
  EXPECT_EQ(user.calls().alive(), 1u);
  receive(within(ok, "ACK", "z9hG4bK2"));
  EXPECT_EQ(user.calls().alive(), 0u);
  EXPECT_EQ(user.next_deadline(), never);
  advance(seconds(60));
  EXPECT_THAT(take_sent(), IsEmpty());
}

TEST_F(OpenCalls, end_with_a_BYE_that_finds_its_dialog_by_the_tag_alone) {
  const std::string ok = answered();
  receive(within(ok, "ACK", "z9hG4bK2"));
  advance(seconds(3600));
  receive(within(ok, "BYE", "z9hG4bK3"));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 200 OK"));
  EXPECT_EQ(user.tally().hung_up, 1u);
}

TEST_F(OpenCalls, answer_481_to_a_BYE_with_a_tag_that_is_not_ours_or_none) {
  const std::string ok = answered();
  std::string forged = within(ok, "BYE", "z9hG4bK3");
  const std::size_t digit = forged.find(";tag=", forged.find("To:")) + 5;
  forged[digit] = forged[digit] == '0' ? '1' : '0';
  receive(forged);
  receive(replaced(within(ok, "BYE", "z9hG4bK4"), "c1@192", "c2@192"));
  receive(request_to("bob", "BYE", "z9hG4bK5"));
  EXPECT_THAT(take_first_lines(), Each(StartsWith("SIP/2.0 481")));
}

TEST_F(OpenCalls, repeat_the_200_at_T1_doubling_to_T2) {
  answered();
  const Instant start = now;
  advance(seconds(31));
  std::vector<double> elapsed;
  for (const Instant time : sent_at) {
    elapsed.push_back(std::chrono::duration<double>(time - start).count());
  }
  EXPECT_THAT(take_first_lines(), Each("SIP/2.0 200 OK"));
  constexpr double rounding = 0.05;  // each deadline is rounded up to the wheel's granularity
  EXPECT_THAT(elapsed,
              Pointwise(DoubleNear(rounding), {0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5}));
}

TEST_F(OpenCalls, without_an_ACK_end_with_a_BYE_after_64_T1) {
  receive(with_line(invite_to("bob"),
                    "Record-Route: <sip:192.0.2.77;lr>,\r\n <sip:proxy.example.com;lr>"));
  const std::string ok = take_sent().back();
  advance(milliseconds(31'900));
  take_sent();
  advance(milliseconds(200));
  ASSERT_THAT(sent, SizeIs(1));
  const std::string bye = sent.front();
  EXPECT_EQ(destinations.front(), address("192.0.2.77", 5060));
  EXPECT_EQ(first_line(bye), "BYE sip:alice@192.0.2.1:5062 SIP/2.0");
  EXPECT_EQ(header_of(bye, "From"), header_of(ok, "To"));
  EXPECT_EQ(header_of(bye, "To"), "Alice <sip:alice@example.com>;tag=a1");
  EXPECT_EQ(header_of(bye, "Call-ID"), "c1@192.0.2.1");
  EXPECT_EQ(header_of(bye, "CSeq"), "1 BYE");
  EXPECT_EQ(header_of(bye, "Route"), "<sip:192.0.2.77;lr>,   <sip:proxy.example.com;lr>");
  EXPECT_THAT(header_of(bye, "Via"), StartsWith("SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK"));
  EXPECT_EQ(user.calls().alive(), 0u);
  EXPECT_EQ(user.tally().unacknowledged, 1u);
}

TEST_F(OpenCalls, send_the_BYE_to_where_the_INVITE_came_from_when_the_contact_is_a_name) {
  receive(replaced(invite_to("bob"), "<sip:alice@192.0.2.1:5062>", "<sip:alice@pc.example.com>"));
  advance(milliseconds(32'100));
  EXPECT_THAT(sent.back(), StartsWith("BYE sip:alice@pc.example.com"));
  EXPECT_EQ(destinations.back(), address("192.0.2.1", 5062));
}

TEST_F(OpenCalls, to_ring_are_answered_after_five_seconds) {
  receive(invite_to("ring"));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 100 Trying", "SIP/2.0 180 Ringing"));
  advance(milliseconds(4'990));
  EXPECT_THAT(take_sent(), IsEmpty());
  advance(milliseconds(20));
  const std::string ok = take_only_sent();
  EXPECT_EQ(first_line(ok), "SIP/2.0 200 OK");
  EXPECT_THAT(body_of(ok), HasSubstr("m=audio 9 RTP/AVP 0\r\n"));
  receive(within(ok, "ACK", "z9hG4bK2"));
  EXPECT_EQ(user.calls().alive(), 0u);
}

TEST_F(OpenCalls, to_busy_and_decline_are_refused_also_when_the_name_is_escaped) {
  receive(invite_to("busy"));
  receive(invite_to("decline", "z9hG4bK2"));
  receive(invite_to("b%75sy", "z9hG4bK3"));
  EXPECT_THAT(take_first_lines(),
              ElementsAre("SIP/2.0 486 Busy Here", "SIP/2.0 603 Decline", "SIP/2.0 486 Busy Here"));
  EXPECT_EQ(user.tally().refused, 3u);
}

TEST_F(OpenCalls, to_silent_never_get_a_final_response_but_a_180_each_minute) {
  receive(invite_to("silent"));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 100 Trying", "SIP/2.0 180 Ringing"));
  advance(seconds(601));
  EXPECT_THAT(take_first_lines(), AllOf(SizeIs(10), Each("SIP/2.0 180 Ringing")));
}

TEST_F(OpenCalls, that_are_cancelled_get_487_and_the_CANCEL_a_200) {
  for (const std::string_view callee : {"silent", "ring"}) {
    const std::string branch = "z9hG4bK" + std::string(callee);
    receive(invite_to(callee, branch));
    take_sent();
    receive(request_to(callee, "CANCEL", branch));
    EXPECT_THAT(take_first_lines(),
                ElementsAre("SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated"));
    receive(request_to(callee, "ACK", branch));
  }
  EXPECT_EQ(user.calls().alive(), 0u);
  EXPECT_EQ(user.tally().cancelled, 2u);
  advance(seconds(60));
  EXPECT_THAT(take_sent(), IsEmpty());
}

TEST_F(OpenCalls, are_not_cancelled_after_their_200) {
  answered();
  receive(request_to("bob", "CANCEL"));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 200 OK"));
  EXPECT_EQ(user.calls().alive(), 1u);
}

TEST_F(OpenCalls, that_wait_no_longer_than_their_Expires_get_487) {
  receive(with_line(invite_to("silent"), "Expires: 2"));
  receive(with_line(invite_to("ring", "z9hG4bK2"), "Expires: 3"));
  take_sent();
  advance(milliseconds(2'010));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 487 Request Terminated"));
  receive(request_to("silent", "ACK"));
  advance(milliseconds(1'000));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 487 Request Terminated"));
}

TEST_F(OpenCalls, that_ring_end_with_487_when_a_BYE_comes_for_the_early_dialog) {
  receive(invite_to("ring"));
  const std::string ringing = take_sent().back();
  receive(within(ringing, "BYE", "z9hG4bK2"));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated"));
}

TEST_F(OpenCalls, without_an_ACK_yet_are_forgotten_when_a_BYE_comes) {
  const std::string ok = answered();
  receive(within(ok, "BYE", "z9hG4bK2"));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 200 OK"));
  advance(seconds(60));
  EXPECT_THAT(take_sent(), IsEmpty());
}

TEST_F(OpenCalls, are_changed_by_a_re_INVITE_which_has_an_ACK_of_its_own) {
  const std::string ok = answered();
  receive(within(ok, "ACK", "z9hG4bK2"));
  std::string hold =
      with_body(within(ok, "INVITE", "z9hG4bK3"), std::string(audio_offer) + "a=sendonly\r\n");
  hold = replaced(hold, "CSeq: 7", "CSeq: 8");
  receive(hold);
  const auto texts = take_sent();
  ASSERT_THAT(texts, SizeIs(2));  // no 180: nobody is rung up
  EXPECT_EQ(first_line(texts[1]), "SIP/2.0 200 OK");
  EXPECT_EQ(header_of(texts[1], "To"), header_of(ok, "To"));
  EXPECT_THAT(body_of(texts[1]), HasSubstr("a=recvonly\r\n"));
  receive(within(ok, "ACK", "z9hG4bK4"));  // CSeq 7: a late one of the first INVITE
  EXPECT_EQ(user.calls().alive(), 1u);
  receive(replaced(within(ok, "ACK", "z9hG4bK5"), "CSeq: 7", "CSeq: 8"));
  EXPECT_EQ(user.calls().alive(), 0u);
}

TEST_F(OpenCalls, keep_their_session_id_and_raise_its_version_in_a_re_INVITE) {
  const std::string ok = answered();
  receive(within(ok, "ACK", "z9hG4bK2"));
  receive(replaced(with_body(within(ok, "INVITE", "z9hG4bK3"), audio_offer), "CSeq: 7", "CSeq: 8"));
  const std::string before = body_of(ok), after = body_of(take_sent().back());
  const std::string origin =
      before.substr(before.find("o="), before.find(" 7 IN") - before.find("o="));
  EXPECT_THAT(after, HasSubstr(origin + " 8 IN"));
}

TEST_F(OpenCalls, that_ring_refuse_a_second_INVITE_for_a_while) {
  receive(invite_to("ring"));
  const std::string ringing = take_sent().back();
  receive(replaced(within(ringing, "INVITE", "z9hG4bK2"), "CSeq: 7", "CSeq: 8"));
  const std::string response = take_only_sent();
  EXPECT_THAT(response, StartsWith("SIP/2.0 500"));
  EXPECT_EQ(header_of(response, "Retry-After"), "5");
}

TEST_F(OpenCalls, answer_481_to_a_re_INVITE_of_a_dialog_that_is_not_ours) {
  receive(replaced(invite_to("bob"), "To: Bob <sip:bob@example.com>",
                   "To: Bob <sip:bob@example.com>;tag=" + std::string(40, '0')));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 481"));
  EXPECT_EQ(user.calls().alive(), 0u);
}

TEST_F(OpenCalls, absorb_a_retransmitted_INVITE_and_ACK) {
  const std::string ok = answered();
  receive(invite_to("bob"));
  EXPECT_THAT(take_sent(), IsEmpty());  // accepted: RFC 6026
  receive(within(ok, "ACK", "z9hG4bK2"));
  receive(within(ok, "ACK", "z9hG4bK2"));
  EXPECT_EQ(user.tally().acknowledged, 1u);
}

TEST_F(OpenCalls, with_media_that_cannot_be_accepted_get_488) {
  receive(
      with_body(request_to("bob", "INVITE"), replaced(std::string(audio_offer), "audio", "video")));
  const auto texts = take_sent();
  EXPECT_THAT(texts.back(), StartsWith("SIP/2.0 488"));
  EXPECT_THAT(header_of(texts.back(), "Warning"), StartsWith("304 sipring"));
  EXPECT_EQ(user.calls().alive(), 0u);
}

TEST_F(OpenCalls, with_a_body_that_is_no_session_description_get_400) {
  receive(with_body(request_to("bob", "INVITE"), "hello"));
  EXPECT_THAT(take_sent().back(), StartsWith("SIP/2.0 400 Malformed Session Description"));
}

TEST_F(OpenCalls, without_a_Contact_get_400) {
  receive(replaced(invite_to("bob"), "Contact: <sip:alice@192.0.2.1:5062>\r\n", ""));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 400 Missing Contact"));
}

class FewOpenCalls : public StatelessFixture {
 protected:
  FewOpenCalls() : StatelessFixture(small_settings(), {.calls = 1, .retry_after_seconds = 9}) {}
};

TEST_F(FewOpenCalls, give_503_with_Retry_After_to_one_more_and_go_on) {
  const std::string ok = answered();
  receive(invite_to("bob", "z9hG4bK2"));
  const std::string refused = take_only_sent();
  EXPECT_THAT(refused, StartsWith("SIP/2.0 503"));
  EXPECT_EQ(header_of(refused, "Retry-After"), "9");
  receive(within(ok, "ACK", "z9hG4bK3"));
  receive(invite_to("bob", "z9hG4bK4"));
  EXPECT_EQ(first_line(take_sent().back()), "SIP/2.0 200 OK");
}

// The buffer memory fails once, at each acquisition in turn: whatever is lost, the INVITE gets a
// final response in the end, and no call is left over.
TEST_F(OpenCalls, end_however_the_memory_fails) {
  for (std::uint64_t nth = 1; nth <= 6; ++nth) {
    const std::string branch = "z9hG4bKfail" + std::to_string(nth);
    engine.buffers().fail_nth_acquire(nth);
    receive(invite_to(nth % 2 == 0 ? "busy" : "bob", branch));
    advance(seconds(1));
    bool is_final = false;
    for (const std::string& line : take_first_lines()) is_final |= line[8] >= '2';
    EXPECT_TRUE(is_final) << nth;
    advance(seconds(60));
    take_sent();
  }
  engine.buffers().fail_nth_acquire(0);
  advance(seconds(100));
  EXPECT_EQ(user.calls().alive(), 0u);
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

// More timers due at once than the outputs' queue has room for.
class ManyOpenCalls : public StatelessFixture {
 protected:
  static constexpr std::uint32_t count = 1'000;
  static Settings large_settings() {
    Settings settings;
    settings.limits.transactions = count;
    settings.limits.one_reserved_of = 0;
    settings.finds_merged = false;
    return settings;
  }
  ManyOpenCalls() : StatelessFixture(large_settings(), {.calls = count}) {}
};

TEST_F(ManyOpenCalls, are_all_answered_though_their_timers_are_due_together) {
  for (std::uint32_t i = 0; i < count; ++i)
    receive(invite_to("ring", "z9hG4bK" + std::to_string(i)));
  take_sent();
  now += seconds(6);  // the shard was held up
  advance(milliseconds(50));
  EXPECT_THAT(take_first_lines(), AllOf(SizeIs(count), Each("SIP/2.0 200 OK")));
}

}  // namespace
}  // namespace sipring::app::test
