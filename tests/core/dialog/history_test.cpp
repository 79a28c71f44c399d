// SPDX-License-Identifier: MIT
#include <sipring/core/dialog/detail/history.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

namespace sipring::test {
namespace {

TEST(History, keeps_the_last_eight_in_their_order) {
  History history;
  EXPECT_EQ(history.size(), 0u);
  for (std::uint16_t i = 1; i <= 100; ++i) {
    history.add(std::chrono::milliseconds(i), {.status = i});
    ASSERT_EQ(history.size(), std::min<std::uint32_t>(i, History::capacity));
    for (std::uint32_t at = 0; at < history.size(); ++at) {
      const auto expected = static_cast<std::uint16_t>(i + 1 - history.size() + at);
      ASSERT_EQ(history[at].status, expected);
      ASSERT_EQ(history[at].ms, expected);
    }
  }
}

TEST(History, of_a_time_beyond_its_room_says_the_longest) {
  History history;
  history.add(std::chrono::hours(24 * 365), {});
  EXPECT_EQ(history[0].ms, 0xffffffffu);
}

}  // namespace
}  // namespace sipring::test
