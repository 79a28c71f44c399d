// SPDX-License-Identifier: MIT
#include <sipring/io/post/spsc_queue.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <thread>

namespace sipring {
namespace {

TEST(SpscQueue, gives_back_in_order_and_refuses_when_full) {
  SpscQueue<int> queue(3);
  ASSERT_EQ(queue.capacity(), 4U);
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(queue.push(round * 4 + i));
    EXPECT_FALSE(queue.push(-1));
    for (int i = 0; i < 4; ++i) EXPECT_EQ(queue.pop(), round * 4 + i);
    EXPECT_EQ(queue.pop(), std::nullopt);
    EXPECT_TRUE(queue.empty());
  }
}

TEST(SpscQueue, carries_all_between_two_threads) {
  constexpr std::uint64_t count = 200'000;
  SpscQueue<std::uint64_t> queue(64);
  std::thread producer([&queue] {
    for (std::uint64_t i = 0; i < count;) {
      if (queue.push(i)) {
        ++i;
      } else {
        std::this_thread::yield();
      }
    }
  });
  std::uint64_t expected = 0;
  while (expected < count) {
    const auto item = queue.pop();
    if (!item) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(*item, expected);
    ++expected;
  }
  producer.join();
}

}  // namespace
}  // namespace sipring
