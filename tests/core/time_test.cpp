// SPDX-License-Identifier: MIT
#include <sipring/core/time.h>

#include <gtest/gtest.h>

namespace sipring::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

TEST(Beginning, tells_the_time_since_then_wherever_the_clock_stands) {
  for (const Instant start : {Instant{}, Instant(hours(4) + milliseconds(3)), Instant(hours(90))}) {
    const Beginning beginning(start);
    for (const Duration passed : {Duration{}, Duration(milliseconds(1)), Duration(hours(2))}) {
      const Duration told = beginning.until(start + passed);
      EXPECT_NEAR(static_cast<double>((told - passed).count()), 0, 4'096);
    }
  }
}

TEST(Beginning, tells_less_than_nothing_when_the_clock_goes_back) {
  EXPECT_LE(Beginning(Instant(milliseconds(5))).until(Instant(milliseconds(2))), Duration{});
}

}  // namespace
}  // namespace sipring::test
