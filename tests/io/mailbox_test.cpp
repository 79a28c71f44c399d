// SPDX-License-Identifier: MIT
#include <sipring/io/mailbox.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
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

TEST(Doorbell, is_rung_once_for_a_sleeper_and_never_for_the_awake) {
  Doorbell doorbell;
  EXPECT_FALSE(doorbell.ring_for_letters());
  doorbell.going_to_sleep(Doorbell::Sleep::for_letters);
  EXPECT_FALSE(doorbell.ring_for_buffers());
  EXPECT_TRUE(doorbell.ring_for_letters());
  EXPECT_FALSE(doorbell.ring_for_letters());
  doorbell.going_to_sleep(Doorbell::Sleep::for_buffers);
  EXPECT_TRUE(doorbell.ring_for_buffers());
  EXPECT_FALSE(doorbell.ring_for_buffers());
  doorbell.going_to_sleep(Doorbell::Sleep::for_buffers);
  EXPECT_TRUE(doorbell.ring_for_letters());
  doorbell.awake();
  EXPECT_FALSE(doorbell.ring_for_letters());
}

// The sleeper really sleeps, so a wake that is lost hangs this test.
TEST(Doorbell, loses_no_wake) {
  constexpr std::uint32_t count = 20'000;
  Doorbell doorbell;
  SpscQueue<std::uint32_t> queue(count);
  std::atomic<std::uint32_t> rings = 0;
  std::thread sender([&] {
    for (std::uint32_t i = 0; i < count; ++i) {
      (void)queue.push(i);
      if (doorbell.ring_for_letters()) {
        rings.fetch_add(1);
        rings.notify_one();
      }
    }
  });
  std::uint32_t received = 0;
  while (received < count) {
    const std::uint32_t heard = rings.load();
    doorbell.going_to_sleep(Doorbell::Sleep::for_letters);
    if (queue.empty()) rings.wait(heard);
    doorbell.awake();
    while (queue.pop()) ++received;
  }
  sender.join();
  EXPECT_EQ(received, count);
}

TEST(Published, is_never_read_half_written) {
  struct Value {
    std::array<std::uint64_t, 20> words{};
  };
  Published<Value> published;
  std::atomic<bool> done = false;
  std::thread writer([&] {
    Value value;
    for (std::uint64_t i = 1; i <= 50'000; ++i) {
      value.words.fill(i);
      published.publish(value);
    }
    done = true;
  });
  std::uint64_t last = 0;
  while (!done) {
    const Value seen = published.read();
    ASSERT_GE(seen.words.front(), last);
    last = seen.words.front();
    for (const std::uint64_t word : seen.words) ASSERT_EQ(word, last);
  }
  writer.join();
  EXPECT_EQ(published.read().words.back(), 50'000U);
}

}  // namespace
}  // namespace sipring
