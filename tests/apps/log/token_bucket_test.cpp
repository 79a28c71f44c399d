// SPDX-License-Identifier: MIT
#include <log/token_bucket.h>

#include <gtest/gtest.h>

namespace sipring::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(TokenBucket, lets_a_burst_through_and_then_one_for_each_interval) {
  TokenBucket bucket(3, seconds(10));
  Instant now(hours(1));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(now));
  EXPECT_FALSE(bucket.take(now));
  EXPECT_FALSE(bucket.take(now += seconds(9)));
  EXPECT_TRUE(bucket.take(now += seconds(1)));
  EXPECT_FALSE(bucket.take(now));
  EXPECT_TRUE(bucket.take(now += seconds(15)));
  EXPECT_TRUE(bucket.take(now += seconds(5)));
}

TEST(TokenBucket, never_holds_more_than_its_burst) {
  TokenBucket bucket(2, seconds(10));
  Instant now{};
  EXPECT_TRUE(bucket.take(now));
  now += hours(5);
  EXPECT_TRUE(bucket.take(now));
  EXPECT_TRUE(bucket.take(now));
  EXPECT_FALSE(bucket.take(now));
}

}  // namespace
}  // namespace sipring::test
