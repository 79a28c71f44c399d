// SPDX-License-Identifier: MIT
#include <sipring/pools/table.h>

#include "tests/pools/guarded_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <unordered_map>
#include <vector>

namespace sipring {
namespace {

using test::GuardedMemory;

// Every slot that the table has under this hash, by refusing each in turn.
std::multiset<std::uint32_t> all_under(const Table& table, std::uint64_t hash) {
  std::multiset<std::uint32_t> slots;
  (void)table.find(hash, [&](std::uint32_t slot) { return slots.insert(slot), false; });
  return slots;
}

TEST(Table, finds_the_slot_that_matches_among_equal_hashes) {
  GuardedMemory memory;
  Table table(4, memory);
  EXPECT_TRUE(table.insert(9, 1));
  EXPECT_TRUE(table.insert(9, 2));
  const auto is = [](std::uint32_t wanted) {
    return [wanted](std::uint32_t slot) { return slot == wanted; };
  };
  EXPECT_EQ(table.find(9, is(2)), 2U);
  EXPECT_EQ(table.find(9, is(1)), 1U);
  EXPECT_EQ(table.find(9, is(3)), std::nullopt);
  EXPECT_EQ(table.find(8, is(1)), std::nullopt);
}

TEST(Table, a_full_table_refuses) {
  GuardedMemory memory;
  for (const std::uint32_t capacity : {1U, 2U, 3U, 5U, 8U}) {
    Table table(capacity, memory);
    for (std::uint32_t slot = 0; slot < capacity; ++slot) EXPECT_TRUE(table.insert(slot, slot));
    EXPECT_FALSE(table.insert(0, capacity));
    table.erase(0, 0);
    EXPECT_TRUE(table.insert(0, capacity));
    EXPECT_EQ(table.size(), capacity);
  }
}

// An entry's home is where its hash's low 32 bits are among all that there are.
constexpr std::uint64_t at(double part) {
  return static_cast<std::uint64_t>(part * 4294967296.0);
}

// Hashes close to each other: long runs. Those at the end: runs that wrap around it.
void compare(std::uint32_t seed, std::uint32_t capacity, const std::vector<std::uint64_t>& hashes) {
  GuardedMemory memory;
  Table table(capacity, memory);
  std::unordered_multimap<std::uint64_t, std::uint32_t> expected;
  std::mt19937 random(seed);
  std::uint32_t next_slot = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t hash = hashes[random() % hashes.size()];
    const auto [first, last] = expected.equal_range(hash);
    if (random() % 2 == 0) {
      const bool has_room = expected.size() < capacity;
      ASSERT_EQ(table.insert(hash, next_slot), has_room);
      if (has_room) expected.emplace(hash, next_slot);
      ++next_slot;
    } else if (first != last) {
      table.erase(hash, first->second);
      expected.erase(first);
    }
    ASSERT_EQ(table.size(), expected.size());
    const std::uint64_t probe = hashes[random() % hashes.size()];
    std::multiset<std::uint32_t> slots;
    const auto [from, to] = expected.equal_range(probe);
    for (auto it = from; it != to; ++it) slots.insert(it->second);
    ASSERT_EQ(all_under(table, probe), slots) << "operation " << i;
  }
}

TEST(Table, agrees_with_an_unordered_multimap) {
  std::mt19937_64 random(3);
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    std::vector<std::uint64_t> spread;
    for (int i = 0; i < 100; ++i) spread.push_back(random());
    compare(seed, 64, spread);
    compare(seed, 40, spread);
  }
}

TEST(Table, agrees_when_runs_are_long_and_wrap_around_the_end) {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    std::vector<std::uint64_t> crowded;
    for (int i = -8; i < 8; ++i) crowded.push_back(at(i < 0 ? 1 + i / 100.0 : i / 100.0));
    compare(seed, 64, crowded);
    // One home, different hashes.
    compare(seed, 8, {at(0.99), at(0.991), at(0.992), at(0.993), at(0.88), 0, at(0.1)});
  }
}

TEST(Table, erasing_what_is_not_there_is_our_mistake) {
  GuardedMemory memory;
  Table table(4, memory);
  ASSERT_TRUE(table.insert(1, 1));
  EXPECT_DEATH(table.erase(1, 2), "empty");
  EXPECT_DEATH(table.erase(2, 1), "empty");
}

}  // namespace
}  // namespace sipring
