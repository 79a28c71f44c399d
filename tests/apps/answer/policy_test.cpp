// The calls of `sipring answer`, with whole dialogs: RFC 3261 sections 12, 13.3, 14.2, 15.1.2.
// SPDX-License-Identifier: MIT
#include "tests/apps/answer/answer_fixture.h"

#include <gmock/gmock.h>

namespace sipring::app::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class AnswerPolicy : public AnswerFixture {
 protected:
  // Answered, and its ACK has come.
  std::string established() {
    const std::string ok = answered();
    receive(later(ok, "ACK", "z9hG4bKack"));
    return ok;
  }
  std::string response_to(const std::string& request) {
    receive(request);
    return take_sent().back();
  }
  static std::string version_of(const std::string& message) {
    const std::string body = body_of(message);
    const std::string line = body.substr(body.find("o=- "), body.find(" IN ") - body.find("o=- "));
    return line.substr(line.rfind(' ') + 1);
  }
};

TEST_F(AnswerPolicy, answers_with_100_180_and_200) {
  receive(invite_to("bob"));
  const std::vector<std::string> texts = take_sent();
  ASSERT_THAT(texts, SizeIs(3));
  EXPECT_EQ(first_line(texts[0]), "SIP/2.0 100 Trying");
  EXPECT_EQ(first_line(texts[1]), "SIP/2.0 180 Ringing");
  EXPECT_EQ(first_line(texts[2]), "SIP/2.0 200 OK");
  EXPECT_EQ(header_of(texts[1], "To"), header_of(texts[2], "To"));
  EXPECT_EQ(header_of(texts[2], "Contact"), "<sip:192.0.2.9:5060>");
  EXPECT_THAT(body_of(texts[2]), HasSubstr("m=audio 9 RTP/AVP 0\r\n"));
}

TEST_F(AnswerPolicy, offers_where_no_offer_comes) {
  EXPECT_THAT(body_of(response_to(request_to("bob", "INVITE"))),
              HasSubstr("m=audio 9 RTP/AVP 0 8 101\r\n"));
}

TEST_F(AnswerPolicy, lets_a_call_ring_for_five_seconds) {
  receive(invite_to("ring"));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 100 Trying", "SIP/2.0 180 Ringing"));
  advance(milliseconds(4'990));
  EXPECT_THAT(take_sent(), IsEmpty());
  advance(milliseconds(20));
  EXPECT_THAT(body_of(take_only_sent()), HasSubstr("m=audio 9 RTP/AVP 0\r\n"));
}

TEST_F(AnswerPolicy, is_busy_or_declines_where_that_is_asked_for) {
  receive(invite_to("busy"));
  receive(invite_to("decline", "z9hG4bK2"));
  receive(invite_to("b%75sy", "z9hG4bK3"));
  EXPECT_THAT(take_first_lines(),
              ElementsAre("SIP/2.0 486 Busy Here", "SIP/2.0 603 Decline", "SIP/2.0 486 Busy Here"));
  EXPECT_EQ(user.tally().refused, 3u);
  EXPECT_EQ(user.calls().alive(), 0u);
}

TEST_F(AnswerPolicy, is_silent_but_for_a_180_each_minute_until_it_is_cancelled) {
  receive(invite_to("silent"));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 100 Trying", "SIP/2.0 180 Ringing"));
  advance(seconds(601));
  EXPECT_THAT(take_first_lines(), AllOf(SizeIs(10), Each("SIP/2.0 180 Ringing")));
  receive(request_to("silent", "CANCEL"));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated"));
  EXPECT_EQ(user.tally().cancelled, 1u);
}

TEST_F(AnswerPolicy, refuses_media_that_it_has_not_and_what_describes_none) {
  const std::string video = replaced(std::string(audio_offer), "audio", "video");
  const std::string refused = response_to(with_body(request_to("bob", "INVITE"), video));
  EXPECT_THAT(refused, StartsWith("SIP/2.0 488"));
  EXPECT_THAT(header_of(refused, "Warning"), StartsWith("304 sipring"));
  EXPECT_THAT(response_to(with_body(request_to("bob", "INVITE", "z9hG4bK2"), "hello")),
              StartsWith("SIP/2.0 400 Malformed Session Description"));
  EXPECT_EQ(user.tally().refused, 2u);
}

TEST_F(AnswerPolicy, counts_a_call_from_its_200_to_its_BYE) {
  const std::string ok = established();
  EXPECT_EQ(user.calls().alive(), 1u);
  advance(seconds(3'600));
  receive(later(ok, "BYE", "z9hG4bK3"));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 200 OK"));
  EXPECT_EQ(user.calls().alive(), 0u);
  const AnswerTally tally = user.tally();
  EXPECT_EQ(tally.answered, 1u);
  EXPECT_EQ(tally.acknowledged, 1u);
  EXPECT_EQ(tally.hung_up, 1u);
  EXPECT_EQ(tally.refused + tally.cancelled + tally.unacknowledged, 0u);
}

// What tags alone cannot know (RFC 3261 sections 12.2.2, 15.1.2).
TEST_F(AnswerPolicy, knows_of_sequence_numbers_and_of_the_end) {
  const std::string ok = established();
  EXPECT_THAT(response_to(later(ok, "OPTIONS", "z9hG4bK2")), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(response_to(within(ok, "OPTIONS", "z9hG4bK3")), StartsWith("SIP/2.0 500"));
  receive(later(ok, "BYE", "z9hG4bK4"));
  take_sent();
  for (const std::string_view method : {"BYE", "INVITE", "OPTIONS", "INFO"}) {
    EXPECT_THAT(response_to(later(ok, method, "z9hG4bK" + std::string(method))),
                StartsWith("SIP/2.0 481"))
        << method;
  }
}

// RFC 3264 section 8; O17.
TEST_F(AnswerPolicy, raises_the_version_of_its_description_with_a_change_only) {
  const std::string ok = established();
  const std::string same = response_to(with_body(later(ok, "INVITE", "z9hG4bK2"), audio_offer));
  EXPECT_EQ(body_of(same), body_of(ok));
  receive(replaced(within(ok, "ACK", "z9hG4bK3"), "CSeq: 7 ",
                   "CSeq: " + std::to_string(std::stoi(header_of(same, "CSeq"))) + " "));
  const std::string held = response_to(
      with_body(later(ok, "INVITE", "z9hG4bK4"), std::string(audio_offer) + "a=sendonly\r\n"));
  EXPECT_THAT(body_of(held), HasSubstr("a=recvonly\r\n"));
  EXPECT_EQ(version_of(held), std::to_string(std::stoi(version_of(ok)) + 1));
  EXPECT_EQ(body_of(held).substr(0, body_of(held).find(" IN ") - version_of(held).size()),
            body_of(ok).substr(0, body_of(ok).find(" IN ") - version_of(ok).size()))
      << "one session";
}

// O20: each m= line of an offer keeps its place in the answer, with port 0 or without.
TEST_F(AnswerPolicy, answers_each_line_in_its_place_whether_it_is_used_or_not) {
  const std::string video = "m=video 4002 RTP/AVP 31\r\n";
  receive(with_body(request_to("bob", "INVITE"), std::string(audio_offer) + video));
  const std::string ok = take_sent().back();
  receive(later(ok, "ACK", "z9hG4bKack"));
  EXPECT_THAT(body_of(ok),
              AllOf(HasSubstr("m=audio 9 RTP/AVP 0\r\n"), HasSubstr("m=video 0 RTP/AVP 31\r\n")));
  const std::string audio_off = replaced(std::string(audio_offer), "audio 4000", "audio 0");
  const std::string more = "m=audio 4004 RTP/AVP 8\r\n";
  const std::string changed = response_to(
      with_body(later(ok, "INVITE", "z9hG4bK2"), audio_off + replaced(video, "4002", "0") + more));
  ASSERT_THAT(changed, StartsWith("SIP/2.0 200"));
  const std::string answer = body_of(changed);
  std::vector<std::string> lines;
  for (std::size_t at = 0; (at = answer.find("m=", at)) != answer.npos; ++at)
    lines.push_back(answer.substr(at, answer.find("\r\n", at) - at));
  EXPECT_THAT(lines,
              ElementsAre("m=audio 0 RTP/AVP 0", "m=video 0 RTP/AVP 31", "m=audio 9 RTP/AVP 8"));
}

TEST_F(AnswerPolicy, answers_reliably_where_that_is_required) {
  receive(with_line(invite_to("ring"), "Require: 100rel"));
  const std::string ringing = take_sent().back();
  EXPECT_EQ(header_of(ringing, "Require"), "100rel");
  const std::string rack = header_of(ringing, "RSeq") + " 7 INVITE";
  EXPECT_THAT(response_to(with_line(later(ringing, "PRACK", "z9hG4bK2"), "RAck: " + rack)),
              StartsWith("SIP/2.0 200"));
  advance(milliseconds(5'010));
  EXPECT_THAT(take_first_lines(), ElementsAre("SIP/2.0 200 OK"));
}

TEST_F(AnswerPolicy, keeps_the_call_alive_as_RFC_4028_says) {
  const std::string ok = response_to(with_line(with_line(invite_to("bob"), "Supported: timer"),
                                               "Session-Expires: 100;refresher=uac"));
  EXPECT_EQ(header_of(ok, "Session-Expires"), "100;refresher=uac");
  receive(later(ok, "ACK", "z9hG4bK2"));
  advance(seconds(90));
  EXPECT_THAT(take_first_lines(), ::testing::Contains(StartsWith("BYE ")));
}

TEST_F(AnswerPolicy, says_goodbye_when_the_patience_of_its_shard_ends) {
  established();
  user.on_drain(engine, now);
  advance(seconds(59));
  EXPECT_THAT(take_sent(), IsEmpty());
  EXPECT_FALSE(user.is_idle());
  advance(seconds(2));
  EXPECT_THAT(take_first_lines(), Each(StartsWith("BYE ")));
  advance(seconds(40));
  EXPECT_TRUE(user.is_idle());
}

class FewAnswers : public AnswerFixture {
 protected:
  FewAnswers() : AnswerFixture(small_settings(), {.calls = 1, .retry_after_seconds = 9}) {}
};

TEST_F(FewAnswers, refuse_one_more_with_503_and_Retry_After_and_go_on) {
  const std::string ok = answered();
  receive(invite_to("bob", "z9hG4bK2"));
  const std::string refused = take_only_sent();
  EXPECT_THAT(refused, StartsWith("SIP/2.0 503"));
  EXPECT_EQ(header_of(refused, "Retry-After"), "9");
  receive(later(ok, "ACK", "z9hG4bK3"));
  receive(later(ok, "BYE", "z9hG4bK4"));
  take_sent();
  receive(invite_to("bob", "z9hG4bK5"));
  EXPECT_EQ(first_line(take_sent().back()), "SIP/2.0 200 OK");
}

// The buffer memory fails once, at each acquisition in turn: whatever is lost, the INVITE gets a
// final response in the end, and no call is left over.
TEST_F(AnswerPolicy, ends_every_call_however_the_memory_fails) {
  for (std::uint64_t nth = 1; nth <= 12; ++nth) {
    const std::string branch = "z9hG4bKfail" + std::to_string(nth);
    engine.buffers().fail_nth_acquire(nth);
    receive(invite_to(nth % 3 == 0 ? "busy" : "bob", branch));
    advance(seconds(1));
    bool is_final = false;
    for (const std::string& line : take_first_lines()) is_final |= line[8] >= '2';
    EXPECT_TRUE(is_final) << nth;
    engine.buffers().fail_nth_acquire(0);
    advance(seconds(100));
    take_sent();
  }
  EXPECT_EQ(user.calls().alive(), 0u);
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

// More timers due at once than the outputs' queue has room for.
class ManyAnswers : public AnswerFixture {
 protected:
  static constexpr std::uint32_t count = 1'000;
  static Settings large_settings() {
    Settings settings;
    settings.limits.transactions = count;
    settings.limits.calls = count;
    settings.limits.one_reserved_of = 0;
    settings.finds_merged = false;
    return settings;
  }
  ManyAnswers() : AnswerFixture(large_settings(), {.calls = count}) {}
};

TEST_F(ManyAnswers, are_all_given_though_their_timers_are_due_together) {
  for (std::uint32_t i = 0; i < count; ++i)
    receive(invite_to("ring", "z9hG4bK" + std::to_string(i)));
  take_sent();
  now += seconds(6);  // the shard was held up
  advance(milliseconds(50));
  EXPECT_THAT(take_first_lines(), AllOf(SizeIs(count), Each("SIP/2.0 200 OK")));
}

}  // namespace
}  // namespace sipring::app::test
