// SPDX-License-Identifier: MIT
#include <sipring/pools/detail/list.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <random>
#include <vector>

namespace sipring {
namespace {

struct Item {
  List<Item>::Link link;
};

std::vector<Item*> forward(const List<Item>& list) {
  std::vector<Item*> items;
  for (Item* item = list.first(); item != nullptr; item = item->link.next) items.push_back(item);
  return items;
}

TEST(List, agrees_with_a_deque) {
  std::array<Item, 16> items;
  List<Item> list;
  std::deque<Item*> expected;
  std::mt19937 random(3);
  for (int i = 0; i < 5'000; ++i) {
    Item& item = items[random() % items.size()];
    const auto where = std::ranges::find(expected, &item);
    if (where != expected.end()) {
      list.remove(item);
      expected.erase(where);
    } else if (random() % 2 == 0) {
      list.push_back(item);
      expected.push_back(&item);
    } else {
      list.push_front(item);
      expected.push_front(&item);
    }
    ASSERT_EQ(forward(list), std::vector(expected.begin(), expected.end()));
    for (Item* each : expected) {
      if (each->link.next != nullptr) {
        ASSERT_EQ(each->link.next->link.previous, each);
      }
    }
    ASSERT_EQ(list.empty(), expected.empty());
    ASSERT_EQ(list.first(), expected.empty() ? nullptr : expected.front());
  }
}

TEST(List, a_removed_item_may_go_into_another_list) {
  Item item;
  List<Item> one;
  List<Item> other;
  one.push_back(item);
  one.remove(item);
  other.push_front(item);
  EXPECT_TRUE(one.empty());
  EXPECT_EQ(other.first(), &item);
}

}  // namespace
}  // namespace sipring
