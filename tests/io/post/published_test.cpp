// SPDX-License-Identifier: MIT
#include <sipring/io/published.h>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>

namespace sipring {
namespace {

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
