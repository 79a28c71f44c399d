// SPDX-License-Identifier: MIT
#include <sipring/pools/pool.h>

#include "tests/pools/guarded_memory.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace sipring {
namespace {

using test::GuardedMemory;

// Counts how many are alive, and remembers what it was made with.
struct Thing {
  Thing(int* alive_count, int made_with) : alive(alive_count), value(made_with) { ++*alive; }
  Thing(const Thing&) = delete;
  Thing& operator=(const Thing&) = delete;
  ~Thing() { --*alive; }
  int* alive;
  int value;
};

class Pools : public testing::Test {
 protected:
  int alive = 0;
  GuardedMemory memory;
};

TEST_F(Pools, an_acquired_object_is_found_by_its_handle) {
  Pool<Thing> pool(4, memory);
  const Handle<Thing> handle = pool.acquire(&alive, 7);
  ASSERT_TRUE(handle);
  ASSERT_NE(pool.find(handle), nullptr);
  EXPECT_EQ(pool.find(handle)->value, 7);
  EXPECT_EQ(&pool.at(handle.slot), pool.find(handle));
  EXPECT_EQ(pool.handle_of(handle.slot), handle);
  EXPECT_EQ(pool.size(), 1U);
}

TEST_F(Pools, a_stale_handle_is_refused_also_when_its_slot_lives_again) {
  Pool<Thing> pool(1, memory);
  const Handle<Thing> first = pool.acquire(&alive, 1);
  pool.release(first);
  EXPECT_EQ(pool.find(first), nullptr);
  const Handle<Thing> second = pool.acquire(&alive, 2);
  EXPECT_EQ(second.slot, first.slot);
  EXPECT_EQ(pool.find(first), nullptr);
  EXPECT_EQ(pool.find(second)->value, 2);
}

TEST_F(Pools, a_handle_never_issued_is_refused) {
  Pool<Thing> pool(8, memory);
  EXPECT_EQ(pool.find({}), nullptr);
  EXPECT_EQ(pool.find({0, 1}), nullptr) << "nothing has been acquired";
  const Handle<Thing> live = pool.acquire(&alive, 1);
  const Handle<Thing> gone = pool.acquire(&alive, 2);
  pool.release(gone);
  for (const std::uint32_t slot : {0U, 1U, 2U, 7U, 8U, 9U, UINT32_MAX}) {
    for (const std::uint32_t generation : {0U, 1U, 2U, 3U, UINT32_MAX - 1, UINT32_MAX}) {
      const Handle<Thing> forged{slot, generation};
      EXPECT_EQ(pool.find(forged) != nullptr, forged == live) << slot << ' ' << generation;
    }
  }
}

TEST_F(Pools, exhaustion_is_a_null_handle_and_a_release_ends_it) {
  Pool<Thing> pool(3, memory);
  std::vector<Handle<Thing>> handles;
  for (int i = 0; i < 3; ++i) handles.push_back(pool.acquire(&alive, i));
  EXPECT_FALSE(pool.acquire(&alive, 3));
  EXPECT_EQ(alive, 3);
  pool.release(handles[1]);
  EXPECT_TRUE(pool.acquire(&alive, 4));
  EXPECT_FALSE(pool.acquire(&alive, 5));
}

TEST_F(Pools, the_nth_acquire_fails_once) {
  for (std::uint64_t nth = 1; nth <= 5; ++nth) {
    Pool<Thing> pool(5, memory);
    pool.fail_nth_acquire(nth);
    for (std::uint64_t i = 1; i <= 5; ++i) {
      EXPECT_EQ(static_cast<bool>(pool.acquire(&alive, 0)), i != nth);
    }
    EXPECT_EQ(pool.size(), 4U);
  }
}

TEST_F(Pools, a_dropped_pool_destroys_what_lives_and_gives_its_memory_back) {
  {
    Pool<Thing> pool(10, memory);
    const Handle<Thing> gone = pool.acquire(&alive, 0);
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(pool.acquire(&alive, i));
    pool.release(gone);
    EXPECT_EQ(alive, 5);
  }
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(memory.outstanding(), 0U);
}

TEST_F(Pools, random_acquires_and_releases_agree_with_a_map) {
  Pool<Thing> pool(64, memory);
  std::map<int, Handle<Thing>> expected;
  std::vector<Handle<Thing>> stale;
  std::mt19937 random(7);
  std::size_t highest = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (random() % 2 == 0) {
      const Handle<Thing> handle = pool.acquire(&alive, i);
      ASSERT_EQ(static_cast<bool>(handle), expected.size() < 64);
      if (handle) expected[i] = handle;
    } else if (!expected.empty()) {
      const auto victim =
          std::next(expected.begin(), static_cast<std::ptrdiff_t>(random() % expected.size()));
      pool.release(victim->second);
      stale.push_back(victim->second);
      expected.erase(victim);
    }
    ASSERT_EQ(pool.size(), expected.size());
    highest = std::max(highest, expected.size());
    ASSERT_EQ(pool.highest(), highest);
    ASSERT_EQ(alive, static_cast<int>(expected.size()));
  }
  for (const auto& [value, handle] : expected) EXPECT_EQ(pool.find(handle)->value, value);
  for (const Handle<Thing> handle : stale) ASSERT_EQ(pool.find(handle), nullptr);
}

TEST_F(Pools, tell_of_the_next_thousand_slots_what_is_to_be_brought_piece_by_piece) {
  Pool<Thing> pool(100'000, memory);
  std::size_t told = 0;
  while (true) {
    const std::span<std::byte> piece = pool.coming_memory();
    if (piece.empty()) break;
    ASSERT_LE(piece.size(), Frontier::step);
    told += piece.size();
  }
  EXPECT_GE(told, Pool<Thing>::bytes(1'024));
  EXPECT_LT(told, Pool<Thing>::bytes(1'024) + Frontier::step);
  for (std::uint32_t slot = 0; slot < told / Pool<Thing>::bytes_per_slot(); ++slot) {
    (void)pool.acquire(&alive, 0);
  }
  EXPECT_FALSE(pool.coming_memory().empty());
}

TEST_F(Pools, releasing_a_stale_handle_is_our_mistake) {
  Pool<Thing> pool(1, memory);
  const Handle<Thing> handle = pool.acquire(&alive, 1);
  pool.release(handle);
  EXPECT_DEATH(pool.release(handle), "object != nullptr");
  EXPECT_DEATH(pool.release({}), "object != nullptr");
}

}  // namespace
}  // namespace sipring
