// SPDX-License-Identifier: MIT
#include <load/limit_search.h>

#include <gtest/gtest.h>

#include <vector>

namespace sipring::app::test {
namespace {

double search(double capacity, double start_rate, int& steps) {
  steps = 0;
  return find_limit({.start_rate = start_rate}, [&](double rate) {
    ++steps;
    return rate <= capacity;
  });
}

TEST(LimitSearch, comes_close_to_the_limit_from_below_and_from_above) {
  int steps = 0;
  for (const double capacity : {130.0, 999.0, 54'321.0}) {
    for (const double start : {100.0, 1'000.0, 20'000.0}) {
      const double found = search(capacity, start, steps);
      EXPECT_LE(found, capacity);
      EXPECT_GT(found * 1.05, capacity) << capacity << " from " << start;
      EXPECT_LT(steps, 25);
    }
  }
}

TEST(LimitSearch, ends_when_nothing_passes_or_everything_does) {
  int steps = 0;
  EXPECT_EQ(search(0, 1'000, steps), 0);
  EXPECT_LT(steps, 14);
  EXPECT_EQ(search(1e12, 1'000, steps), 1e7);
}

}  // namespace
}  // namespace sipring::app::test
