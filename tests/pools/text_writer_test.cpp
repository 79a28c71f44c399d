// SPDX-License-Identifier: MIT
#include <sipring/pools/detail/text_writer.h>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace sipring {
namespace {

TEST(TextWriter, puts_texts_characters_and_numbers_behind_each_other) {
  std::array<char, 64> room;
  TextWriter text(room);
  text << "a=" << std::string_view("b") << ';' << 0U << ',' << std::uint16_t{5060};
  EXPECT_EQ(text.view(), "a=b;0,5060");
  EXPECT_EQ(text.size(), 10u);
  EXPECT_TRUE(text.fits());
}

TEST(TextWriter, writes_the_largest_number) {
  std::array<char, 20> room;
  TextWriter text(room);
  text << std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(text.view(), "18446744073709551615");
}

TEST(TextWriter, fills_its_room_to_the_last_octet_and_writes_none_behind) {
  std::array<char, 5> octets{'-', '-', '-', '-', '-'};
  TextWriter text{std::span(octets).first<4>()};
  text << "1234";
  EXPECT_TRUE(text.fits());
  text << '5';
  EXPECT_FALSE(text.fits());
  EXPECT_EQ(text.view(), "1234");
  EXPECT_EQ(octets[4], '-');
}

TEST(TextWriter, leaves_out_all_that_comes_behind_what_did_not_fit) {
  std::array<char, 4> room;
  TextWriter text(room);
  text << "12"
       << "345"
       << "6";
  EXPECT_FALSE(text.fits());
  EXPECT_EQ(text.view(), "12");
}

TEST(TextWriter, takes_a_text_that_is_nowhere) {
  TextWriter text(std::span<char>{});
  text << std::string_view();
  EXPECT_TRUE(text.fits());
  EXPECT_EQ(text.view(), "");
}

}  // namespace
}  // namespace sipring
