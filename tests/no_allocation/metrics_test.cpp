// Counters, and the samples that are made of them.
// SPDX-License-Identifier: MIT
#include <sipring/core/counters.h>
#include <sipring/core/metrics/sample.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>

#include "tests/no_allocation/allocations.h"

namespace sipring::test {
namespace {

TEST(NoAllocation, over_counting_and_showing_what_was_counted) {
  Counters counters;
  double sum = 0;
  const std::size_t before = allocations();
  for (int i = 0; i < 200; ++i) {
    counters.count_sent("OPTIONS sip:bob@192.0.2.9 SIP/2.0\r\n\r\n");
    counters.durations[0].record(std::chrono::milliseconds(i));
    each_sample(counters, [&sum](const MetricSample& sample) { sum += sample.value; });
  }
  EXPECT_EQ(allocations(), before);
  EXPECT_GT(sum, 0);
}

}  // namespace
}  // namespace sipring::test
