// SPDX-License-Identifier: MIT
#include <sipring/core/overload/token_bucket.h>

#include <gtest/gtest.h>

namespace sipring::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(TokenBucket, lets_a_burst_through_and_then_one_for_each_interval) {
  constexpr Rate rate{seconds(10), 2 * seconds(10)};
  TokenBucket bucket;
  Instant now(hours(1));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(now, rate));
  EXPECT_FALSE(bucket.take(now, rate));
  EXPECT_FALSE(bucket.take(now += seconds(9), rate));
  EXPECT_TRUE(bucket.take(now += seconds(1), rate));
  EXPECT_FALSE(bucket.take(now, rate));
  EXPECT_TRUE(bucket.take(now += seconds(15), rate));
  EXPECT_TRUE(bucket.take(now += seconds(5), rate));
}

TEST(TokenBucket, never_holds_more_than_its_burst) {
  constexpr Rate rate{seconds(10), seconds(10)};
  TokenBucket bucket;
  Instant now{};
  EXPECT_TRUE(bucket.take(now, rate));
  now += hours(5);
  EXPECT_TRUE(bucket.take(now, rate));
  EXPECT_TRUE(bucket.take(now, rate));
  EXPECT_FALSE(bucket.take(now, rate));
}

}  // namespace
}  // namespace sipring::test
