// SPDX-License-Identifier: MIT
#include <sipring/core/connection/detail/source_limits.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <memory_resource>

namespace sipring {
namespace {

IpAddress address(std::uint32_t number) {
  IpAddress ip;
  for (std::size_t i = 0; i < 4; ++i)
    ip.octets[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  return ip;
}

double cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
}

class SourceLimitsTest : public testing::Test {
 protected:
  // What an arrival from one of so many sources costs, all of which have a connection open; the
  // best of several tries, as others use the machine too.
  double cost_of_an_arrival(std::uint32_t sources) {
    SourceLimits limits({}, 131'072, {1, 2}, *std::pmr::new_delete_resource());
    for (std::uint32_t i = 0; i < sources; ++i) (void)limits.admit(now_, address(i), false);
    constexpr std::uint32_t arrivals = 20'000;
    double best = std::numeric_limits<double>::max();
    for (int attempt = 0; attempt < 7; ++attempt) {
      const double before = cpu_ns();
      for (std::uint32_t i = 0; i < arrivals; ++i) {
        const auto admission = limits.admit(now_, address(i * 7'919 % sources), false);
        limits.leave(admission.slot);
      }
      best = std::min(best, (cpu_ns() - before) / arrivals);
    }
    return best;
  }
  const Instant now_{std::chrono::seconds(1'000)};
};

// A search through all of them would cost a hundred times as much; caches that are missed do not.
TEST_F(SourceLimitsTest, a_hundred_thousand_sources_cost_each_what_a_thousand_do) {
  EXPECT_LT(cost_of_an_arrival(100'000), 15 * cost_of_an_arrival(1'000));
}

TEST_F(SourceLimitsTest, a_hundred_thousand_sources_are_each_limited_by_themselves) {
  SourceLimits limits({.connections = 2}, 524'288, {1, 2}, *std::pmr::new_delete_resource());
  std::uint32_t limited = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    ASSERT_FALSE(limits.admit(now_, address(i), false).refusal) << i;
    ASSERT_FALSE(limits.admit(now_, address(i), false).refusal) << i;
    limited += limits.admit(now_, address(i), false).refusal.has_value() ? 1 : 0;
  }
  // Where all four places of a source are taken it is not limited: a full table locks nobody out.
  EXPECT_GT(limited, 99'000U);
}

}  // namespace
}  // namespace sipring
