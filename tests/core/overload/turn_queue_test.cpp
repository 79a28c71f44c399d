// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/turn_queue.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory_resource>
#include <vector>

namespace sipring::test {
namespace {

using ::testing::ElementsAre;

class TurnQueueTest : public ::testing::Test {
 protected:
  static IpAddress source(std::uint8_t number) {
    IpAddress address;
    address.octets[0] = 10;
    address.octets[3] = number;
    return address;
  }
  std::vector<std::uint32_t> served() {
    queue.sort();
    std::vector<std::uint32_t> items;
    while (const auto next = queue.next()) items.push_back(next->item);
    return items;
  }
  TurnQueue queue{16, {1, 2}, *std::pmr::new_delete_resource()};
};

TEST_F(TurnQueueTest, serves_by_precedence) {
  queue.add(0, Precedence::registration, source(1));
  queue.add(1, Precedence::other, source(2));
  queue.add(2, Precedence::call, source(3));
  queue.add(3, Precedence::emergency, source(4));
  queue.add(4, Precedence::in_dialog, source(5));
  EXPECT_THAT(served(), ElementsAre(4, 3, 2, 1, 0));
}

TEST_F(TurnQueueTest, serves_each_source_once_before_any_of_them_twice) {
  for (std::uint32_t i = 0; i < 4; ++i) queue.add(i, Precedence::call, source(1));
  queue.add(4, Precedence::call, source(2));
  queue.add(5, Precedence::call, source(3));
  queue.add(6, Precedence::call, source(2));
  EXPECT_THAT(served(), ElementsAre(0, 4, 5, 1, 6, 2, 3));
}

TEST_F(TurnQueueTest, forgets_a_turn_with_its_end) {
  for (std::uint32_t i = 0; i < 3; ++i) queue.add(i, Precedence::call, source(1));
  (void)served();
  EXPECT_TRUE(queue.empty());
  queue.add(7, Precedence::call, source(2));
  queue.add(8, Precedence::call, source(1));
  EXPECT_THAT(served(), ElementsAre(7, 8));
}

TEST_F(TurnQueueTest, is_full_at_its_capacity) {
  for (std::uint32_t i = 0; i < 16; ++i) {
    EXPECT_FALSE(queue.full());
    queue.add(i, Precedence::call, source(static_cast<std::uint8_t>(i)));
  }
  EXPECT_TRUE(queue.full());
  EXPECT_EQ(served().size(), 16u);
}

}  // namespace
}  // namespace sipring::test
