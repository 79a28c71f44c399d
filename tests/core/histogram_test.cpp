// SPDX-License-Identifier: MIT
#include <sipring/core/histogram.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace sipring::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(Histogram, gives_percentiles_within_two_in_a_hundred) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> latencies(std::log(2e6), 2);
  Histogram histogram;
  std::vector<double> all;
  for (int i = 0; i < 20'000; ++i) {
    all.push_back(std::floor(latencies(random)));
    histogram.record(Duration(static_cast<std::int64_t>(all.back())));
  }
  std::ranges::sort(all);
  for (const double percent : {1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * 20'000)) - 1;
    const auto found = static_cast<double>(histogram.percentile(percent).count());
    EXPECT_GE(found, all[rank]) << percent;
    EXPECT_LE(found, all[rank] * 1.016 + 1) << percent;
  }
  EXPECT_EQ(static_cast<double>(histogram.largest().count()), all.back());
}

TEST(Histogram, is_exact_where_values_are_small) {
  Histogram histogram;
  for (int i = 0; i < 64; ++i) histogram.record(Duration(i));
  EXPECT_EQ(histogram.percentile(50), Duration(31));
  EXPECT_EQ(histogram.percentile(100), Duration(63));
  EXPECT_EQ(histogram.mean(), Duration(31));
}

TEST(Histogram, bounds_what_is_out_of_range) {
  Histogram histogram;
  histogram.record(Duration(-5));
  histogram.record(hours(20));
  EXPECT_EQ(histogram.percentile(50), Duration(0));
  EXPECT_EQ(histogram.largest(), hours(1));
  EXPECT_EQ(histogram.percentile(100), hours(1));
}

TEST(Histogram, adds_up_and_tells_differences) {
  Histogram first, second;
  first.record(milliseconds(1));
  const Histogram before = first;
  first.record(milliseconds(100));
  second.record(milliseconds(10));
  EXPECT_EQ(first.since(before).count(), 1u);
  EXPECT_GE(first.since(before).percentile(1), milliseconds(100));
  first += second;
  EXPECT_EQ(first.count(), 3u);
  EXPECT_NEAR(static_cast<double>(first.percentile(50).count()), 1e7, 2e5);
}

TEST(Histogram, counts_exactly_below_powers_of_two) {
  DurationHistogram histogram;
  for (const int ns : {0, 1, 1'023, 1'024, 1'025, 1 << 20, (1 << 20) - 1}) {
    histogram.record(Duration(ns));
  }
  EXPECT_EQ(histogram.count_below(0), 1u);
  EXPECT_EQ(histogram.count_below(1), 2u);
  EXPECT_EQ(histogram.count_below(10), 3u);
  EXPECT_EQ(histogram.count_below(11), 5u);
  EXPECT_EQ(histogram.count_below(20), 6u);
  EXPECT_EQ(histogram.count_below(21), 7u);
  EXPECT_EQ(histogram.count_below(63), 7u);
}

TEST(Histogram, is_within_seven_in_a_hundred_where_it_is_small) {
  DurationHistogram histogram;
  for (const int ns : {100, 10'000, 1'000'000, 123'456'789}) {
    DurationHistogram one;
    one.record(Duration(ns));
    one.record(hours(1));  // or the largest would be the bound
    const auto found = static_cast<double>(one.percentile(50).count());
    EXPECT_GE(found, ns);
    EXPECT_LE(found, ns * 1.07);
    histogram += one;
  }
  EXPECT_EQ(histogram.count(), 8u);
  EXPECT_GT(histogram.sum(), hours(4));
}

TEST(Histogram, has_no_percentile_when_empty) {
  EXPECT_EQ(Histogram().percentile(99), Duration{});
  EXPECT_EQ(Histogram().mean(), Duration{});
}

}  // namespace
}  // namespace sipring::test
