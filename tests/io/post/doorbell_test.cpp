// SPDX-License-Identifier: MIT
#include <sipring/io/post/doorbell.h>

#include <sipring/io/post/spsc_queue.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>

namespace sipring {
namespace {

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

}  // namespace
}  // namespace sipring
