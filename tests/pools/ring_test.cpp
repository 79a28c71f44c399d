// SPDX-License-Identifier: MIT
#include <sipring/pools/detail/ring.h>

#include "tests/pools/guarded_memory.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <random>
#include <utility>

namespace sipring {
namespace {

using test::GuardedMemory;

TEST(Ring, agrees_with_a_deque) {
  GuardedMemory memory;
  Ring<std::unique_ptr<int>> ring(8, memory);
  std::deque<int> expected;
  std::mt19937 random(5);
  for (int i = 0; i < 20'000; ++i) {
    if (random() % 2 == 0) {
      const bool has_room = expected.size() < 8;
      ASSERT_EQ(ring.push(std::make_unique<int>(i)), has_room);
      if (has_room) expected.push_back(i);
    } else if (!expected.empty()) {
      ASSERT_EQ(*ring.front(), expected.front());
      ASSERT_EQ(*ring.pop(), expected.front());
      expected.pop_front();
    }
    ASSERT_EQ(ring.size(), expected.size());
    ASSERT_EQ(ring.empty(), expected.empty());
    ASSERT_EQ(ring.full(), expected.size() == 8);
  }
}

TEST(Ring, rounds_its_capacity_up_to_a_power_of_two) {
  GuardedMemory memory;
  EXPECT_EQ(Ring<int>(1, memory).capacity(), 1U);
  EXPECT_EQ(Ring<int>(5, memory).capacity(), 8U);
}

TEST(Ring, a_refused_item_stays_with_the_caller) {
  GuardedMemory memory;
  Ring<std::unique_ptr<int>> ring(1, memory);
  ASSERT_TRUE(ring.push(std::make_unique<int>(1)));
  auto item = std::make_unique<int>(2);
  EXPECT_FALSE(ring.push(std::move(item)));
  ASSERT_NE(item, nullptr);
  EXPECT_EQ(*item, 2);
}

TEST(Ring, makes_items_in_their_place_and_drops_the_first) {
  GuardedMemory memory;
  Ring<std::pair<int, std::shared_ptr<int>>> ring(2, memory);
  const auto shared = std::make_shared<int>(1);
  ASSERT_TRUE(ring.emplace(1, shared));
  ASSERT_TRUE(ring.emplace(2, shared));
  EXPECT_FALSE(ring.emplace(3, shared));
  EXPECT_EQ(shared.use_count(), 3);
  ring.drop_front();
  EXPECT_EQ(shared.use_count(), 2);
  EXPECT_EQ(ring.front().first, 2);
}

TEST(Ring, a_dropped_ring_destroys_its_items) {
  GuardedMemory memory;
  const auto shared = std::make_shared<int>(1);
  {
    Ring<std::shared_ptr<int>> ring(4, memory);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(ring.push(std::shared_ptr<int>(shared)));
    (void)ring.pop();
    EXPECT_EQ(shared.use_count(), 3);
  }
  EXPECT_EQ(shared.use_count(), 1);
  EXPECT_EQ(memory.outstanding(), 0U);
}

}  // namespace
}  // namespace sipring
