// Timers of Table 4 as they are set: waits between retransmissions, settings, jitter.
// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/jitter.h>
#include <sipring/core/transaction/timers.h>

#include <gtest/gtest.h>

#include <vector>

namespace sipring {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimerSettings defaults;

TEST(RetransmissionIntervals, double_without_end_for_a_and_up_to_t2_for_e_and_g) {
  for (unsigned i = 0; i < 7; ++i) {
    const Duration doubled = milliseconds(500 << i);
    EXPECT_EQ(retransmission_interval(Timer::a, State::calling, i, defaults), doubled);
    for (const auto& [timer, state] :
         {std::pair(Timer::e, State::trying), std::pair(Timer::g, State::completed)}) {
      EXPECT_EQ(retransmission_interval(timer, state, i, defaults),
                std::min<Duration>(doubled, seconds(4)));
    }
  }
  EXPECT_GT(retransmission_interval(Timer::a, State::calling, 255, defaults),
            64 * milliseconds(500));
}

TEST(RetransmissionIntervals, are_t2_at_once_for_e_after_a_provisional) {
  EXPECT_EQ(retransmission_interval(Timer::e, State::proceeding, 1, defaults), seconds(4));
}

TEST(TimerSettings, say_what_is_wrong_with_them) {
  EXPECT_EQ(problem_of(defaults), "");
  EXPECT_EQ(problem_of({.t1 = milliseconds(1), .t2 = milliseconds(1), .t4 = milliseconds(1)}), "");
  EXPECT_EQ(problem_of({.t1 = Duration{}}), "T1 is not above zero");
  EXPECT_EQ(problem_of({.t1 = seconds(5)}), "T2 is less than T1");
  EXPECT_EQ(problem_of({.t4 = Duration{}}), "T4 is not above zero");
  EXPECT_EQ(problem_of({.t2 = hours(2)}), "T1, T2 or T4 is more than an hour");
  EXPECT_EQ(problem_of({.jitter_per_mille = 1'001}), "jitter of more than 1000 thousandths");
}

TEST(Jitter, lengthens_a_wait_by_up_to_its_part_and_never_shortens_it) {
  Jitter jitter(200, 1);
  Duration least = Duration::max(), most{};
  for (int i = 0; i < 1'000; ++i) {
    const Duration wait = jitter.lengthen(milliseconds(500));
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_GE(least, milliseconds(500));
  EXPECT_LT(least, milliseconds(502));
  EXPECT_LE(most, milliseconds(600));
  EXPECT_GT(most, milliseconds(598));
}

TEST(Jitter, is_the_same_again_from_the_same_seed_and_none_when_it_is_off) {
  const auto draw = [](Jitter jitter) {
    std::vector<Duration> waits;
    for (int i = 0; i < 10; ++i) waits.push_back(jitter.lengthen(seconds(1)));
    return waits;
  };
  EXPECT_EQ(draw(Jitter(500, 7)), draw(Jitter(500, 7)));
  EXPECT_NE(draw(Jitter(500, 7)), draw(Jitter(500, 8)));
  EXPECT_EQ(draw(Jitter(0, 7)), std::vector<Duration>(10, seconds(1)));
}

}  // namespace
}  // namespace sipring
