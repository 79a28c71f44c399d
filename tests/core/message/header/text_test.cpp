// What texts say.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/text.h>

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sipring {
namespace {

TEST(Unquote, says_what_was_quoted) {
  std::array<char, 64> room{};
  const std::pair<std::string_view, std::string_view> sayings[] = {
      {"\"\"", ""},
      {"\"a b\"", "a b"},
      {"token", "token"},
      {"", ""},
      {"\"a\\\"b\\\\c\"", "a\"b\\c"},
      {"\"\\a\"", "a"},
      {"\"a  \r\n\t b\"", "a b"},
      {"\"\\ \r\n b  c\"", "  b  c"},
  };
  for (const auto& [quoted, said] : sayings) EXPECT_EQ(unquote(quoted, room), said) << quoted;
}

TEST(Unquote, copies_only_what_has_to_change) {
  std::array<char, 8> room{};
  const std::string_view plain = "\"atlanta.com and more\"";
  EXPECT_EQ(unquote(plain, room)->data(), plain.data() + 1);
  EXPECT_EQ(unquote("\"a\\b\"", room)->data(), room.data());
}

TEST(Unquote, needs_room_for_what_it_says) {
  std::array<char, 3> room{};
  EXPECT_EQ(unquote("\"a\\bc\"", room), "abc");
  EXPECT_EQ(unquote("\"a\\bcd\"", room), std::nullopt);
  EXPECT_EQ(unquote("\"\\a\"", {}), std::nullopt);
}

TEST(Unfold, makes_one_space_of_each_fold) {
  std::array<char, 64> room{};
  EXPECT_EQ(unfold("a  b", room), "a  b");
  EXPECT_EQ(unfold("a \r\n\t b\r\n c\\d", room), "a b c\\d");
  EXPECT_EQ(unfold("", room), "");
  EXPECT_EQ(unfold("a\r\n b", {}), std::nullopt);
}

TEST(Escape, is_undone_by_unescape) {
  std::array<char, 64> escaped{};
  std::array<char, 64> room{};
  for (const std::string_view text : {"", "plain", "a\"b\\", "\\\\", "\""}) {
    const auto inner = escape_quoted(text, escaped);
    ASSERT_TRUE(inner) << text;
    EXPECT_EQ(unescape_quoted(*inner, room), text);
    EXPECT_EQ(unquote("\"" + std::string(*inner) + "\"", room), text);
  }
  EXPECT_EQ(escape_quoted("a\"b", escaped), "a\\\"b");
}

TEST(Escape, refuses_what_no_quoted_string_carries) {
  std::array<char, 64> room{};
  EXPECT_EQ(escape_quoted("a\r\nb", room), std::nullopt);
  EXPECT_EQ(escape_quoted(std::string_view("a\0b", 3), room), std::nullopt);
  EXPECT_EQ(escape_quoted("\"", std::span(room).first(1)), std::nullopt);
}

TEST(TextParser, is_strict_about_utf8_when_asked) {
  EXPECT_TRUE(strictly(parse_text("caf\xc3\xa9")));
  EXPECT_EQ(strictly(parse_text("caf\xe9!")).error(), (ParseError{ParseErrorCode::not_utf8, 4}));
}

}  // namespace
}  // namespace sipring
