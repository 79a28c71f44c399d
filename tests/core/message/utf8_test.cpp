// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/utf8.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/message/texts.h"

namespace sipring {
namespace {

// The character of a number by RFC 3629 section 3, also where there must be none.
std::string encoded(std::uint32_t number, int octets) {
  std::string text(static_cast<std::size_t>(octets), '\0');
  for (int i = octets - 1; i > 0; --i, number >>= 6)
    text[static_cast<std::size_t>(i)] = static_cast<char>(0x80 | (number & 0x3f));
  constexpr unsigned int lead[] = {0, 0, 0xc0, 0xe0, 0xf0, 0xf8};
  text[0] = static_cast<char>(lead[octets] | number);
  return text;
}

int shortest(std::uint32_t number) {
  return number < 0x80 ? 1 : number < 0x800 ? 2 : number < 0x10000 ? 3 : 4;
}

bool is_character(std::uint32_t number) {
  return number <= 0x10ffff && (number < 0xd800 || number > 0xdfff);
}

TEST(Utf8, takes_every_character_in_its_shortest_form_only) {
  for (std::uint32_t number = 0x80; number < 0x110400; ++number)
    for (int octets = 2; octets <= 4; ++octets) {
      if (octets < shortest(number) || (octets == 2 && number >= 0x800)) continue;
      const bool right = octets == shortest(number) && is_character(number);
      ASSERT_EQ(is_utf8(encoded(number, octets)), right) << number << " in " << octets;
    }
}

TEST(Utf8, tells_where_the_first_wrong_sequence_begins) {
  testing::EdgeText edge{0, 4096};
  const auto at = [&](std::string_view text) { return first_not_utf8(edge.hold(text)); };
  EXPECT_EQ(at(""), 0U);
  EXPECT_EQ(at("abc"), 3U);
  EXPECT_EQ(at("ab\x80"), 2U);
  EXPECT_EQ(at("\xc3\xa4\xc3"), 2U) << "cut off";
  EXPECT_EQ(at("\xc3\xa4\xe2\x82z"), 2U) << "broken off";
  EXPECT_EQ(at("\xf5\x80\x80\x80"), 0U);
  EXPECT_EQ(at("\xfe"), 0U);
}

TEST(Utf8, sees_what_stands_anywhere_in_long_ascii) {
  testing::EdgeText edge{0, 4096};
  for (std::size_t size = 1; size < 100; ++size)
    for (std::size_t i = 0; i < size; ++i) {
      std::string text(size, 'a');
      text[i] = '\xff';
      ASSERT_EQ(first_not_utf8(edge.hold(text)), i) << size;
    }
}

}  // namespace
}  // namespace sipring
