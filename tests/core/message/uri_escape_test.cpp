// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri_writer.h>

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/core/message/table.h"

namespace sipring {
namespace {

std::string in_hex(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char octet : octets) {
    const auto number = static_cast<unsigned char>(octet);
    text += digits[number / 16];
    text += digits[number % 16];
  }
  return text;
}

TEST(Unescape, gives_the_octets_or_names_the_malformed_escape) {
  std::array<char, 64> room;
  for (const testing::Row& row : testing::read_table("uri/unescape.tsv")) {
    const UriText text = unescape(row[0], room);
    EXPECT_EQ(text ? in_hex(*text) : std::string(to_string(text.error())), row[1]) << row[0];
  }
}

TEST(Unescape, copies_nothing_where_there_is_no_escape) {
  const std::string_view text = "alice";
  EXPECT_EQ(unescape(text, {})->data(), text.data());
}

TEST(Unescape, says_when_there_is_no_room_and_writes_nothing_beyond) {
  std::array<char, 4> room{'?', '?', '?', '?'};
  EXPECT_EQ(unescape("%41bcd", std::span{room}.first(3)).error(), UriError::no_room);
  EXPECT_EQ(room[3], '?');
  EXPECT_EQ(unescape("%41bcd", room).value(), "Abcd");
}

UriPart part_named(std::string_view name) {
  if (name == "user") return UriPart::user;
  if (name == "password") return UriPart::password;
  return name == "parameter" ? UriPart::parameter : UriPart::header;
}

TEST(Escape, escapes_what_the_part_cannot_have) {
  std::array<char, 64> room;
  for (const testing::Row& row : testing::read_table("uri/escape.tsv"))
    EXPECT_EQ(escape(part_named(row[0]), row[1], room).value_or("no room"), row[2]) << row[1];
}

TEST(Escape, comes_back_from_all_octets_in_all_parts) {
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all += static_cast<char>(octet);
  std::array<char, 768> room;
  std::array<char, 768> back;
  for (const UriPart part :
       {UriPart::user, UriPart::password, UriPart::parameter, UriPart::header}) {
    const UriText text = escape(part, all, room);
    ASSERT_TRUE(text);
    EXPECT_EQ(unescape(*text, back), all);
  }
}

TEST(Escape, says_when_there_is_no_room) {
  std::array<char, 3> room;
  EXPECT_EQ(escape(UriPart::user, "a@", room).error(), UriError::no_room);
  EXPECT_EQ(escape(UriPart::user, "@", room), "%40");
}

TEST(SameText, takes_an_escape_for_its_octet_unless_that_is_reserved) {
  EXPECT_TRUE(same_text("%61", "a"));
  EXPECT_FALSE(same_text("%41", "a"));
  EXPECT_TRUE(same_text_ignoring_case("%41", "a"));
  EXPECT_FALSE(same_text_ignoring_case("%3B", ";"));
  EXPECT_TRUE(same_text_ignoring_case("%3B", "%3b"));
  EXPECT_FALSE(same_text("a", "ab"));
  EXPECT_FALSE(same_text("%", "%25a"));
}

TEST(UriError, has_names) {
  for (const UriError error :
       {UriError::escape, UriError::no_room, UriError::scheme, UriError::user, UriError::host,
        UriError::parameter, UriError::changed})
    EXPECT_FALSE(to_string(error).empty());
}

}  // namespace
}  // namespace sipring
