// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tests/apps/load/load_fixture.h"

namespace sipring::app::test {
namespace {

constexpr std::uint32_t invite_only = 1;

TEST_F(LoadFixture, options_are_sent_on_time_and_answered) {
  begin(ten_a_second(Scenario::options));
  run(seconds(2));
  EXPECT_EQ(load->tally().started, 10u);
  EXPECT_EQ(load->tally().succeeded, 10u);
  EXPECT_EQ(load->tally().outstanding, 0u);
  EXPECT_EQ(load->tally().answer.percentile(100), milliseconds(2));
}

TEST_F(LoadFixture, registrations_are_accepted) {
  begin(ten_a_second(Scenario::register_));
  run(seconds(2));
  EXPECT_EQ(load->tally().succeeded, 10u);
}

TEST_F(LoadFixture, calls_are_acknowledged_held_and_ended) {
  LoadOptions options = ten_a_second(Scenario::call);
  options.hold = seconds(3);
  begin(options);
  run(milliseconds(2'900));
  EXPECT_EQ(load->tally().outstanding, 10u);
  EXPECT_EQ(user.tally().acknowledged, 10u);
  run(seconds(3));
  EXPECT_EQ(load->tally().succeeded, 10u);
  EXPECT_EQ(load->tally().failed(), 0u);
  EXPECT_EQ(user.tally().hung_up, 10u);
  EXPECT_EQ(load->tally().ringing.count(), 10u);
  EXPECT_EQ(load->tally().bye.count(), 10u);
}

TEST_F(LoadFixture, calls_are_held_and_resumed) {
  LoadOptions options = ten_a_second(Scenario::hold);
  options.hold = seconds(1);
  begin(options);
  run(seconds(10));
  EXPECT_EQ(load->tally().succeeded, 10u);
  EXPECT_EQ(load->tally().failed(), 0u);
  EXPECT_EQ(user.tally().acknowledged, 30u);
  EXPECT_EQ(user.tally().hung_up, 10u);
}

TEST_F(LoadFixture, a_busy_target_is_counted_by_class) {
  begin(ten_a_second(Scenario::call), "busy");
  run(seconds(2));
  EXPECT_EQ(load->tally().failures[static_cast<std::size_t>(Failure::refused)], 10u);
  EXPECT_EQ(load->tally().statuses[4], 10u);
}

TEST_F(LoadFixture, a_target_that_is_silent_is_waited_for_no_longer_than_the_timer) {
  lose = [](std::string_view) { return true; };
  begin(ten_a_second(Scenario::call));
  run(seconds(40));
  EXPECT_EQ(load->tally().failures[static_cast<std::size_t>(Failure::timed_out)], 10u);
  EXPECT_EQ(load->tally().outstanding, 0u);
}

TEST_F(LoadFixture, an_ack_that_got_lost_is_sent_again) {
  int lost = 0;
  lose = [&](std::string_view text) { return text.starts_with("ACK") && lost++ == 0; };
  LoadOptions options = ten_a_second(Scenario::call);
  options.arrivals.duration = milliseconds(50);
  options.hold = seconds(3);
  begin(options);
  run(seconds(5));
  EXPECT_EQ(load->tally().succeeded, 1u);
  EXPECT_EQ(user.tally().acknowledged, 1u);
  EXPECT_EQ(
      std::ranges::count_if(seen, [](const std::string& line) { return line.starts_with("ACK"); }),
      2);
}

TEST_F(LoadFixture, the_closed_model_keeps_so_many_at_once) {
  begin({.scenario = Scenario::options,
         .arrivals = {.duration = seconds(1)},
         .concurrency = 7,
         .sessions = 16});
  run(milliseconds(500));
  EXPECT_EQ(load->tally().outstanding, 7u);
  run(seconds(1));
  EXPECT_EQ(load->tally().outstanding, 0u);
  EXPECT_NEAR(static_cast<double>(load->tally().succeeded), 7 * 500, 8);  // one each 2 ms
}

TEST_F(LoadFixture, more_at_once_than_the_engine_has_outputs_for_are_begun_in_turns) {
  begin({.scenario = Scenario::options,
         .arrivals = {.rate = 1e6, .duration = milliseconds(1)},
         .sessions = 2'048});
  run(seconds(1));
  EXPECT_EQ(load->tally().started, 1'000u);
  EXPECT_EQ(load->tally().succeeded, 1'000u);
  EXPECT_EQ(load->tally().late, 0u);
}

TEST_F(LoadFixture, sessions_beyond_the_pool_are_counted_as_our_own_failure) {
  LoadOptions options = ten_a_second(Scenario::call);
  options.hold = seconds(5);
  options.sessions = 4;
  begin(options);
  run(seconds(8));
  EXPECT_EQ(load->tally().failures[static_cast<std::size_t>(Failure::no_room)], 6u);
  EXPECT_EQ(load->tally().succeeded, 4u);
}

// The far side's request in the dialog of the first session.
std::string of_the_far_side(std::string_view method) {
  const std::string session = "abc-3-0-1";
  std::string text = request_to("load", method, "z9hG4bKfar");
  text = replaced(text, "Call-ID: c1@192.0.2.1", "Call-ID: " + session);
  text = replaced(text, "To: Bob <sip:bob@example.com>", "To: <sip:x>;tag=" + session);
  return text;
}

TEST_F(LoadFixture, a_call_that_the_far_side_ends_has_succeeded) {
  LoadOptions options = ten_a_second(Scenario::call);
  options.arrivals.duration = milliseconds(50);
  options.hold = seconds(30);
  begin(options);
  run(seconds(1));
  call_back(of_the_far_side("BYE"));
  run(seconds(1));
  EXPECT_EQ(load->tally().succeeded, 1u);
  EXPECT_EQ(load->tally().outstanding, 0u);
  call_back(replaced(of_the_far_side("BYE"), "z9hG4bKfar", "z9hG4bKlater"));
  seen.clear();
  run(seconds(1));
  EXPECT_EQ(seen, std::vector<std::string>{"SIP/2.0 481 Call/Transaction Does Not Exist"});
}

TEST_F(LoadFixture, a_reinvite_of_the_far_side_is_answered_with_media) {
  LoadOptions options = ten_a_second(Scenario::call);
  options.arrivals.duration = milliseconds(50);
  options.hold = seconds(30);
  begin(options);
  run(seconds(1));
  std::string answer;
  lose = [&](std::string_view text) {
    if (text.starts_with("SIP/2.0 200")) answer = text;
    return true;
  };
  call_back(with_body(of_the_far_side("INVITE"), audio_offer));
  run(milliseconds(10));
  EXPECT_NE(answer.find("m=audio"), std::string::npos);
  EXPECT_EQ(load->tally().outstanding, invite_only);
}

TEST_F(LoadFixture, what_is_open_at_the_end_is_unfinished) {
  begin(ten_a_second(Scenario::call), "silent");
  run(seconds(2));
  load.reset();
  const LoadTally last = view.tally.read();
  EXPECT_EQ(last.failures[static_cast<std::size_t>(Failure::unfinished)], 10u);
  EXPECT_EQ(last.outstanding, 0u);
}

}  // namespace
}  // namespace sipring::app::test
