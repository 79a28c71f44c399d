// SPDX-License-Identifier: MIT
#include <load/arrivals.h>

#include <gtest/gtest.h>

#include <cmath>

namespace sipring::app::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Instant start = Instant{} + seconds(100);

int count_until(Arrivals& arrivals, Instant end) {
  int count = 0;
  for (; arrivals.next() < end; arrivals.pop()) ++count;
  return count;
}

TEST(Arrivals, come_at_a_constant_rate) {
  Arrivals arrivals({.rate = 200, .duration = seconds(10)}, start);
  EXPECT_EQ(arrivals.next(), start);
  arrivals.pop();
  EXPECT_EQ(arrivals.next(), start + milliseconds(5));
  EXPECT_EQ(count_until(arrivals, never), 1'999);  // and the one that was popped
  EXPECT_EQ(arrivals.next(), never);
}

// However many parts there are, and whether or not the rate has an exact binary fraction.
TEST(Arrivals, of_a_constant_rate_are_rate_times_duration) {
  struct Case {
    double rate;
    seconds duration;
    int count;
  };
  for (const Case& each :
       {Case{10, seconds(2), 20}, Case{0.3, seconds(10), 3}, Case{0.7, seconds(10), 7},
        Case{3, seconds(7), 21}, Case{1'000.1, seconds(10), 10'001}, Case{1, seconds(1), 1}}) {
    for (const std::uint32_t parts : {1u, 2u, 3u, 8u, 64u}) {
      int count = 0;
      for (std::uint32_t part = 0; part < parts; ++part) {
        Arrivals arrivals(
            {.rate = each.rate, .duration = each.duration, .part = part, .parts = parts}, start);
        count += count_until(arrivals, never);
      }
      EXPECT_EQ(count, each.count) << each.rate << "/s in " << parts;
    }
  }
}

TEST(Arrivals, of_two_parts_take_turns) {
  Arrivals first({.rate = 10, .duration = seconds(1), .part = 0, .parts = 2}, start);
  Arrivals second({.rate = 10, .duration = seconds(1), .part = 1, .parts = 2}, start);
  for (int i = 0; i < 5; ++i, first.pop(), second.pop()) {
    EXPECT_EQ(first.next(), start + milliseconds(200 * i));
    EXPECT_EQ(second.next(), start + milliseconds(200 * i + 100));
  }
}

TEST(Arrivals, grow_in_number_while_the_ramp_runs) {
  const ArrivalPlan plan{
      .rate = 1'000, .start_rate = 200, .ramp = seconds(10), .duration = seconds(20)};
  Arrivals arrivals(plan, start);
  EXPECT_NEAR(count_until(arrivals, start + seconds(5)), 2'000, 1);   // 200 to 600 a second
  EXPECT_NEAR(count_until(arrivals, start + seconds(10)), 4'000, 1);  // 600 to 1,000
  EXPECT_NEAR(count_until(arrivals, start + seconds(11)), 1'000, 1);
}

TEST(Arrivals, start_from_nothing_or_fall) {
  Arrivals rising({.rate = 100, .start_rate = 0, .ramp = seconds(10)}, start);
  EXPECT_NEAR(count_until(rising, start + seconds(10)), 500, 1);
  Arrivals falling({.rate = 100, .start_rate = 300, .ramp = seconds(10)}, start);
  EXPECT_NEAR(count_until(falling, start + seconds(10)), 2'000, 1);
}

TEST(Arrivals, of_poisson_have_their_rate_and_their_spread) {
  Arrivals arrivals({.rate = 1'000, .poisson = true, .seed = 5}, start);
  double sum = 0, squares = 0;
  constexpr int count = 50'000;
  Instant before = start;
  for (int i = 0; i < count; ++i, arrivals.pop()) {
    const double gap = std::chrono::duration<double, std::milli>(arrivals.next() - before).count();
    before = arrivals.next();
    sum += gap;
    squares += gap * gap;
  }
  const double mean = sum / count;
  EXPECT_NEAR(mean, 1, 0.02);
  EXPECT_NEAR(std::sqrt(squares / count - mean * mean), 1, 0.03);  // as large as the mean
}

TEST(Arrivals, of_poisson_have_their_rate_in_parts_too) {
  int count = 0;
  for (std::uint32_t part = 0; part < 4; ++part) {
    Arrivals arrivals(
        {.rate = 1'000, .poisson = true, .duration = seconds(20), .seed = part, .parts = 4}, start);
    EXPECT_GT(arrivals.next(), start);
    count += count_until(arrivals, never);
  }
  EXPECT_NEAR(count, 20'000, 600);
}

TEST(Arrivals, are_a_function_of_their_seed) {
  Arrivals one({.poisson = true, .seed = 1}, start), same({.poisson = true, .seed = 1}, start),
      other({.poisson = true, .seed = 2}, start);
  EXPECT_EQ(one.next(), same.next());
  EXPECT_NE(one.next(), other.next());
}

}  // namespace
}  // namespace sipring::app::test
