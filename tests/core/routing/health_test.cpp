// SPDX-License-Identifier: MIT
#include <sipring/core/routing/health.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

namespace sipring {
namespace {

using namespace std::chrono_literals;

NetworkAddress target(std::uint32_t number) {
  IpAddress ip;
  ip.octets = {10, static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
               static_cast<std::uint8_t>(number)};
  return {ip, 5060, Transport::udp};
}

class HealthTest : public ::testing::Test {
 protected:
  Health health{{.targets = 64, .avoidance = {}}, {1, 2}, *std::pmr::new_delete_resource()};
  Instant now{std::chrono::hours(1)};
};

TEST_F(HealthTest, one_that_has_not_failed_is_not_avoided) {
  EXPECT_FALSE(health.is_avoided(now, target(1)));
  health.failed(now, target(2));
  EXPECT_FALSE(health.is_avoided(now, target(1)));
  NetworkAddress by_tcp = target(2);
  by_tcp.transport = Transport::tcp;
  EXPECT_FALSE(health.is_avoided(now, by_tcp));
}

TEST_F(HealthTest, is_avoided_twice_as_long_each_time_up_to_a_bound) {
  for (const auto pause : {30s, 60s, 120s, 240s, 300s, 300s}) {
    health.failed(now, target(1));
    EXPECT_TRUE(health.is_avoided(now + pause - 1ns, target(1)));
    EXPECT_FALSE(health.is_avoided(now + pause, target(1)));
    now += pause;
  }
}

TEST_F(HealthTest, an_answer_makes_it_as_good_as_new) {
  health.failed(now, target(1));
  health.failed(now, target(1));
  health.answered(target(1));
  EXPECT_FALSE(health.is_avoided(now, target(1)));
  health.failed(now, target(1));
  EXPECT_FALSE(health.is_avoided(now + 30s, target(1)));
}

TEST_F(HealthTest, retry_after_counts_as_long_as_it_says) {
  health.asked_for(now, target(1), 7s);
  EXPECT_TRUE(health.is_avoided(now + 6s, target(1)));
  EXPECT_FALSE(health.is_avoided(now + 7s, target(1)));
  health.failed(now, target(2));
  health.asked_for(now, target(2), 1s);  // does not shorten the other
  EXPECT_TRUE(health.is_avoided(now + 29s, target(2)));
}

TEST_F(HealthTest, one_request_tries_it_and_what_that_one_hears_ends_the_trial) {
  health.asked_for(now, target(1), 1s);
  now += 1s;
  health.tried(now, target(1));
  EXPECT_TRUE(health.is_avoided(now + 31s, target(1)));
  health.asked_for(now, target(1), 1s);  // the same again
  EXPECT_TRUE(health.is_avoided(now, target(1)));
  EXPECT_FALSE(health.is_avoided(now + 1s, target(1)));
}

TEST_F(HealthTest, has_a_bound_and_keeps_those_that_are_avoided_longest) {
  health.asked_for(now, target(1), 1h);
  for (std::uint32_t i = 2; i < 10'000; ++i) health.failed(now, target(i));
  EXPECT_TRUE(health.is_avoided(now, target(1)));
  EXPECT_LE(health.size(), 64u);
}

}  // namespace
}  // namespace sipring
