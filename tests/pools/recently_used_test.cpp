// SPDX-License-Identifier: MIT
#include <sipring/pools/detail/recently_used.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

namespace sipring::test {
namespace {

class RecentlyUsedTest : public ::testing::Test {
 protected:
  static Hash128 key(std::uint64_t number) { return {number, 17}; }
  RecentlyUsed<std::string> values{3, *std::pmr::new_delete_resource()};
};

TEST_F(RecentlyUsedTest, the_one_of_no_use_for_longest_makes_way) {
  for (std::uint64_t i = 1; i <= 3; ++i) values.put(key(i), std::to_string(i));
  ASSERT_NE(values.find(key(1)), nullptr);  // of use
  values.put(key(4), "4");
  EXPECT_EQ(values.find(key(2)), nullptr);
  ASSERT_NE(values.find(key(1)), nullptr);
  EXPECT_EQ(*values.find(key(1)), "1");
  EXPECT_EQ(*values.find(key(4)), "4");
  EXPECT_EQ(values.size(), 3u);
}

TEST_F(RecentlyUsedTest, another_value_takes_the_place_of_the_one_that_is_there) {
  values.put(key(1), "old");
  values.put(key(1), "new");
  EXPECT_EQ(*values.find(key(1)), "new");
  EXPECT_EQ(values.size(), 1u);
}

TEST_F(RecentlyUsedTest, keys_that_share_a_slot_of_the_table_are_told_apart) {
  values.put({1, 1}, "one");
  values.put({1, 2}, "two");
  EXPECT_EQ(*values.find({1, 1}), "one");
  EXPECT_EQ(*values.find({1, 2}), "two");
}

TEST_F(RecentlyUsedTest, room_is_made_until_there_is_nothing_left) {
  values.put(key(1), "1");
  EXPECT_TRUE(values.make_room());
  EXPECT_FALSE(values.make_room());
  EXPECT_EQ(values.find(key(1)), nullptr);
}

}  // namespace
}  // namespace sipring::test
