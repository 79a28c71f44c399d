// SPDX-License-Identifier: MIT
#include <sipring/pools/fixed_text.h>

#include <gtest/gtest.h>

#include <cstring>
#include <string_view>

namespace sipring {
namespace {

TEST(FixedText, grows_piece_by_piece) {
  FixedText<16> text;
  text << "call-" << 17U;
  EXPECT_EQ(text.view(), "call-17");
  EXPECT_EQ(text.from(5), "17");
  EXPECT_FALSE(text.overflowed());
}

TEST(FixedText, remembers_what_did_not_fit_until_it_is_cleared) {
  FixedText<4> text;
  text << "1234";
  EXPECT_FALSE(text.overflowed());
  text << "5";
  EXPECT_TRUE(text.overflowed());
  EXPECT_EQ(text.view(), "1234");
  text.clear();
  EXPECT_FALSE(text.overflowed());
  EXPECT_EQ(text.view(), "");
}

TEST(FixedText, lends_room_that_the_caller_fills) {
  FixedText<4> text;
  char* const room = text.extend(3);
  ASSERT_NE(room, nullptr);
  std::memcpy(room, "abc", 3);
  EXPECT_EQ(text.view(), "abc");
  EXPECT_EQ(text.extend(2), nullptr);
  EXPECT_TRUE(text.overflowed());
}

TEST(FixedText, is_empty_after_a_text_that_is_too_long_for_it) {
  FixedText<4> text;
  EXPECT_TRUE(text.assign("four"));
  EXPECT_EQ(text.view(), "four");
  EXPECT_TRUE(text.assign("two"));
  EXPECT_EQ(text.view(), "two");
  EXPECT_FALSE(text.assign("three"));
  EXPECT_EQ(text.view(), "");
}

TEST(FixedText, a_short_one_has_two_octets_for_its_size) {
  static_assert(sizeof(FixedText<61>) == 64);
  static_assert(FixedText<61>::capacity == 61);
}

}  // namespace
}  // namespace sipring
