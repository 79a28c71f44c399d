// SPDX-License-Identifier: MIT
#include <sizing/pool_sizes.h>
#include <sizing/rate_tables.h>

#include <gtest/gtest.h>

#include <cstdint>

namespace sipring::app::test {
namespace {

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;

Limits with_calls(std::uint32_t transactions) {
  Limits limits;
  limits.transactions = limits.calls = transactions;
  return limits;
}

TEST(PoolSizes, fit_into_the_memory_and_leave_little_of_it) {
  for (const std::uint64_t bytes : {gibibyte / 8, gibibyte, 5 * gibibyte}) {
    const std::size_t taken = bytes_of(with_calls(transactions_within(bytes, {})));
    EXPECT_LE(taken, bytes);
    EXPECT_GT(taken, bytes - bytes / 50);
  }
}

TEST(PoolSizes, are_never_too_small_to_work_with) {
  EXPECT_EQ(transactions_within(0, {}), 1'024u);
  EXPECT_EQ(transactions_on_machine(1, 2, {}), 1'024u);
}

TEST(PoolSizes, of_all_shards_take_half_of_the_machine) {
  const std::uint32_t of_one = transactions_on_machine(gibibyte, 1, {});
  EXPECT_EQ(of_one, transactions_within(gibibyte / 2, {}));
  EXPECT_EQ(transactions_on_machine(2 * gibibyte, 2, {}), of_one);
  EXPECT_LT(transactions_on_machine(gibibyte, 2, {}), of_one);
}

TEST(PoolSizes, stop_where_more_would_be_of_no_use) {
  EXPECT_EQ(transactions_on_machine(500 * gibibyte, 2, {}), 524'288u);
}

TEST(RateTables, say_the_same_both_ways) {
  const auto carried = rates_within(gibibyte, {}, {});
  ASSERT_EQ(carried.size(), 4u);
  for (std::size_t i = 0; i < carried.size(); ++i) {
    const RateRow needed = needs_of_rate(carried[i].rate, {}, {})[i];
    EXPECT_EQ(needed.name, carried[i].name);
    EXPECT_NEAR(needed.transactions, carried[i].transactions, 8);
  }
}

TEST(RateTables, ask_more_of_memory_where_all_is_remembered) {
  const auto rows = needs_of_rate(10'000, {}, {});
  EXPECT_NEAR(rows[1].transactions, 8.0 * rows[0].transactions, 8);  // 64*T1 for 8*T1
  EXPECT_GT(rows[1].bytes, 7 * rows[0].bytes);
}

}  // namespace
}  // namespace sipring::app::test
