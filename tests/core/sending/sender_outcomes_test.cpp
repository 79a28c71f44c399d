// What a target does, and what that means for the next one and the next request (RFC 3263 section
// 4.3).
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>

#include "tests/core/sending/sender_fixture.h"

namespace sipring::test {
namespace {

using namespace std::chrono_literals;

class SenderOutcomes : public SenderTest {};

TEST_F(SenderOutcomes, after_a_timeout_the_next_target_gets_the_same_request_with_another_branch) {
  habits[b] = Habit::answers;
  ASSERT_TRUE(send("sip:x.example", 7, "OPTIONS", "a body").has_value());
  advance(40s);
  EXPECT_EQ(order, a + "\n" + b + "\n");
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(outcomes, 1);
  EXPECT_EQ(history, a + " timed_out\n" + b + " open\n");
  const auto without_via = [](const std::string& text) {
    const std::size_t begin = text.find("Via:");
    return text.substr(0, begin) + text.substr(text.find("\r\n", begin));
  };
  EXPECT_EQ(without_via(texts[a]), without_via(texts[b]));
  EXPECT_NE(header_of(texts[a], "Via"), header_of(texts[b], "Via"));
  EXPECT_TRUE(texts[b].ends_with("\r\n\r\na body"));
  EXPECT_EQ(header_of(texts[b], "Allow"), "INVITE");
  advance(60s);
  EXPECT_EQ(sender.sendings(), 0u);
}

TEST_F(SenderOutcomes, the_one_that_timed_out_is_tried_last_by_the_next_request) {
  habits[b] = Habit::answers;
  (void)send("sip:x.example");
  advance(33s);
  order.clear();
  texts.clear();
  (void)send("sip:x.example", 8);
  EXPECT_EQ(order, b + "\n");
  EXPECT_EQ(outcome_user, 8u);
  habits[a] = Habit::answers;  // it comes back
  advance(60s);
  order.clear();
  texts.clear();
  (void)send("sip:x.example", 9);
  EXPECT_EQ(order, a + "\n");
  EXPECT_EQ(health.size(), 0u);
}

TEST_F(SenderOutcomes, after_503_the_next_target_is_tried_and_the_user_hears_only_of_that) {
  habits[a] = Habit::unavailable;
  habits[b] = Habit::unavailable;
  habits[c] = Habit::busy;
  (void)send("sip:x.example", 7, "INVITE");
  EXPECT_EQ(outcome, "486");
  EXPECT_EQ(outcomes, 1);
  EXPECT_EQ(history, a + " unavailable\n" + b + " unavailable\n" + c + " open\n");
  advance(60s);
  EXPECT_EQ(sender.sendings(), 0u);
}

TEST_F(SenderOutcomes, the_503_of_the_last_target_is_passed_up_as_it_is) {
  for (const std::string& target : {a, b, c}) habits[target] = Habit::unavailable;
  (void)send("sip:x.example", 7, "INVITE");
  EXPECT_EQ(outcome, "503");
  EXPECT_EQ(outcomes, 1);
  advance(60s);
  EXPECT_EQ(sender.sendings(), 0u);
}

TEST_F(SenderOutcomes, retry_after_keeps_everybody_away_for_so_long) {
  habits[a] = Habit::unavailable_for_20_s;
  habits[b] = Habit::answers;
  (void)send("sip:x.example");
  EXPECT_EQ(order, a + "\n" + b + "\n");
  const auto next = [&](std::uint64_t attached) {
    order.clear();
    texts.clear();
    (void)send("sip:x.example", attached);
    return order;
  };
  EXPECT_EQ(next(8), b + "\n");
  advance(19s);
  EXPECT_EQ(next(9), b + "\n");
  advance(1s);
  habits[a] = Habit::answers;
  EXPECT_EQ(next(10), a + "\n");
}

TEST_F(SenderOutcomes, a_target_that_has_said_anything_is_not_left_for_another) {
  habits[a] = Habit::trying;
  (void)send("sip:x.example");
  advance(60s);
  EXPECT_EQ(order, a + "\n");
  EXPECT_EQ(outcome, "timed out");
  EXPECT_EQ(health.size(), 0u);
}

TEST_F(SenderOutcomes, after_a_transport_error_the_next_target_is_tried_at_once) {
  habits[a] = Habit::refuses;
  habits[b] = Habit::refuses;
  habits[c] = Habit::answers;
  (void)send("sip:x.example", 7, "INVITE");
  tell_refusals();
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(history, a + " transport_failed\n" + b + " transport_failed\n" + c + " open\n");
}

TEST_F(SenderOutcomes, when_all_have_failed_the_last_failure_is_told_once) {
  (void)send("sip:x.example");
  advance(32s);
  EXPECT_EQ(outcomes, 0);
  advance(70s);
  EXPECT_EQ(outcome, "timed out");
  EXPECT_EQ(outcomes, 1);
  EXPECT_EQ(history, a + " timed_out\n" + b + " timed_out\n" + c + " timed_out\n");
  EXPECT_EQ(sender.sendings(), 0u);
}

TEST_F(SenderOutcomes, after_a_known_target_the_others_are_tried_and_it_is_not_tried_again) {
  habits[a] = Habit::answers;
  (void)send("sip:x.example", 1);
  habits[a] = Habit::unavailable;
  order.clear();
  texts.clear();
  (void)send("sip:x.example", 2);
  advance(70s);
  EXPECT_EQ(sender.counters().known, 1u);
  EXPECT_EQ(history, a + " unavailable\n" + b + " timed_out\n" + c + " timed_out\n");
  EXPECT_EQ(outcome, "timed out");
  EXPECT_EQ(header_of(texts[a], "Call-ID"), header_of(texts[c], "Call-ID"));
}

}  // namespace
}  // namespace sipring::test
