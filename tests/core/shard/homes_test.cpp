// SPDX-License-Identifier: MIT
#include <sipring/core/shard/detail/homes.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace sipring {
namespace {

constexpr ShardPhase serving = ShardPhase::serving, draining = ShardPhase::draining,
                     stopped = ShardPhase::stopped;

std::vector<std::ptrdiff_t> slots_by_shard(const std::array<std::uint8_t, Homes::slots>& table,
                                           std::size_t shards) {
  std::vector<std::ptrdiff_t> counts;
  for (std::size_t i = 0; i < shards; ++i) {
    counts.push_back(std::ranges::count(table, static_cast<std::uint8_t>(i)));
  }
  return counts;
}

TEST(Homes, are_shared_out_evenly) {
  for (const std::size_t shards : {1U, 2U, 3U, 64U, 255U}) {
    const Homes homes = make_homes(std::vector(shards, serving));
    const auto counts = slots_by_shard(homes.first, shards);
    EXPECT_LE(std::ranges::max(counts) - std::ranges::min(counts), 1) << shards;
    EXPECT_EQ(homes.first, homes.next);
  }
}

TEST(Homes, of_a_draining_shard_are_its_own_still_and_of_others_next) {
  const Homes before = make_homes(std::vector(4, serving));
  const Homes homes = make_homes(std::vector{serving, serving, draining, serving});
  EXPECT_EQ(homes.first, before.first);
  EXPECT_TRUE(homes.runs[2]);
  for (std::size_t i = 0; i < Homes::slots; ++i) {
    if (before.first[i] == 2) {
      EXPECT_NE(homes.next[i], 2);
    } else {
      EXPECT_EQ(homes.next[i], before.first[i]);
    }
  }
}

TEST(Homes, move_from_a_stopped_shard_to_all_others_and_no_more_than_these) {
  const Homes before = make_homes(std::vector(4, serving));
  const Homes homes = make_homes(std::vector{serving, serving, stopped, serving});
  EXPECT_EQ(homes.first, homes.next);
  EXPECT_FALSE(homes.runs[2]);
  for (std::size_t i = 0; i < Homes::slots; ++i) {
    if (before.first[i] != 2) {
      EXPECT_EQ(homes.first[i], before.first[i]);
    }
  }
  const auto counts = slots_by_shard(homes.first, 4);
  EXPECT_EQ(counts[2], 0);
  for (const std::size_t i : {0U, 1U, 3U})
    EXPECT_NEAR(static_cast<int>(counts[i]), Homes::slots / 3, 60);
}

TEST(Homes, depend_on_who_serves_and_not_on_the_order_of_what_happened) {
  EXPECT_EQ(make_homes(std::vector{stopped, draining, serving, serving}).next,
            make_homes(std::vector{stopped, stopped, serving, serving}).first);
}

}  // namespace
}  // namespace sipring
