// SPDX-License-Identifier: MIT
#include <sipring/core/metrics/sample.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <set>
#include <string>

#include "tests/support/figures.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;

TEST(Counters, add_up_whole) {
  expect_to_add_up<Counters>();
}

TEST(PoolUse, adds_up_whole) {
  expect_to_add_up<PoolUse>();
}

// What is counted and not shown, or shown twice, is a mistake.
TEST(Samples, show_every_number_of_the_counters_once) {
  std::set<std::string> seen;
  for (std::size_t word = 0; word < offsetof(Counters, durations) / 8; ++word) {
    const std::string rows = rows_of(with_one_at<Counters>(word));
    EXPECT_FALSE(rows.empty()) << "word " << word;
    EXPECT_EQ(rows.find(','), std::string::npos) << rows;
    EXPECT_TRUE(seen.insert(rows).second) << rows << " stands for two numbers";
  }
}

TEST(Samples, show_every_number_of_the_pools_once) {
  std::set<std::string> seen;
  for (std::size_t word = 0; word < sizeof(PoolUse) / 8; ++word) {
    const std::string rows = rows_of(with_one_at<PoolUse>(word));
    EXPECT_FALSE(rows.empty()) << "word " << word;
    EXPECT_TRUE(seen.insert(rows).second) << rows << " stands for two numbers";
  }
}

TEST(Samples, show_the_durations_of_each_kind_of_transaction) {
  const char* const kinds[] = {"invite_client", "invite_server", "client", "server"};
  for (std::size_t i = 0; i < transaction_kinds; ++i) {
    Counters counters;
    counters.durations[i].record(milliseconds(1));
    EXPECT_EQ(rows_of(counters), std::string("transaction_duration_seconds ") + kinds[i]);
  }
}

TEST(Samples, call_requests_by_method_and_responses_by_class) {
  Counters counters;
  counters.received.count_request(Method::invite);
  counters.received.count_response(183);
  counters.received.count_response(99);
  counters.count_sent("FOO sip:a@b SIP/2.0\r\n\r\n");
  counters.count_sent("SIP/2.0 606 Not Acceptable\r\n\r\n");
  EXPECT_EQ(rows_of(counters),
            "messages_total sent, requests_total received INVITE, requests_total sent other, "
            "responses_total received 1xx, responses_total received other, "
            "responses_total sent 6xx");
}

}  // namespace
}  // namespace sipring::test
