// SPDX-License-Identifier: MIT
#include <metrics/json.h>

#include <gtest/gtest.h>

namespace sipring::app::test {
namespace {

using std::chrono::milliseconds;

TEST(MetricsJson, has_a_member_for_each_family_and_within_it_for_each_label) {
  Metrics metrics;
  metrics.engine.received.count_request(Method::invite);
  metrics.engine[DropReason::overload] = 3;
  metrics.io.send_queue_full = 4;
  metrics.pools.transactions = 5;
  metrics.user_time = milliseconds(1'500);
  const auto json = metrics_json(metrics);
  EXPECT_EQ(json["requests_total"]["received"]["INVITE"].dump(), "1");
  EXPECT_EQ(json["requests_total"]["sent"]["other"].dump(), "0");
  EXPECT_EQ(json["drops_total"]["overload"].dump(), "3");
  EXPECT_EQ(json["drops_total"]["send_queue_full"].dump(), "4");
  EXPECT_EQ(json["transactions"].dump(), "5");
  EXPECT_EQ(json["cpu_seconds_total"]["user"].dump(), "1.5");
}

TEST(MetricsJson, sums_up_a_histogram) {
  Metrics metrics;
  for (int i = 0; i < 3; ++i) metrics.io.turn_lengths.record(milliseconds(2));
  const auto turns = metrics_json(metrics)["turn_duration_seconds"];
  EXPECT_EQ(turns["count"], 3);
  EXPECT_DOUBLE_EQ(turns["sum_seconds"], 0.006);
  EXPECT_DOUBLE_EQ(turns["p99_seconds"], 0.002);
  EXPECT_DOUBLE_EQ(turns["max_seconds"], 0.002);
}

}  // namespace
}  // namespace sipring::app::test
