// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/address.h>

#include <gtest/gtest.h>

#include "tests/core/message/texts.h"

namespace sipring {
namespace {

struct AcceptedAddress {
  std::string_view text, display_name, uri, tag, parameters;
  bool bracketed;
  std::uint32_t length;
};

constexpr AcceptedAddress accepted[] = {
    {"<sip:a@b>", "", "sip:a@b", "", "", true, 9},
    {"Bob <sip:bob@biloxi.com>;tag=456248", "Bob", "sip:bob@biloxi.com", "456248", ";tag=456248",
     true, 35},
    {"A. B.\r\n  C <sip:a>", "A. B.\r\n  C", "sip:a", "", "", true, 18},
    {"caller<sip:a>", "caller", "sip:a", "", "", true, 13},
    {"\"x <;,> \\\" \\\x01\" <sip:a;b=c?d=e>", "\"x <;,> \\\" \\\x01\"", "sip:a;b=c?d=e", "", "",
     true, 30},
    {"\"\"<sip:a>", "\"\"", "sip:a", "", "", true, 9},
    {"sip:a@b;tag=1", "", "sip:a@b", "1", ";tag=1", false, 13},
    {"sip:a@b ; TAG = 2 ;lr", "", "sip:a@b", "2", "; TAG = 2 ;lr", false, 21},
    {"<sip:a>;q=0.5, <sip:b>", "", "sip:a", "", ";q=0.5", true, 13},
    {"sip:a@b,sip:c", "", "sip:a@b", "", "", false, 7},
    {" <tel:+1-201>\t;x=\";tag=no\"", "", "tel:+1-201", "", ";x=\";tag=no\"", true, 26},
};

TEST(AddressParser, reads_the_parts) {
  testing::EdgeText edge{0, 4096};
  for (const AcceptedAddress& expected : accepted) {
    const std::string_view text = edge.hold(expected.text);
    for (const auto& address : {parse_address(text), parse_address_without_uri(text)}) {
      ASSERT_TRUE(address) << expected.text << " @" << address.error().offset;
      EXPECT_EQ(address->display_name, expected.display_name);
      EXPECT_EQ(address->uri.text, expected.uri);
      EXPECT_EQ(address->tag, expected.tag);
      EXPECT_EQ(address->parameters, expected.parameters);
      EXPECT_EQ(address->bracketed, expected.bracketed) << expected.text;
      EXPECT_EQ(address->length, expected.length) << expected.text;
    }
  }
}

TEST(AddressParser, parses_the_uri_only_where_asked) {
  const auto address = parse_address("<sip:u@h:5070>");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->uri.host, "h");
  EXPECT_EQ(address->uri.port, 5070);
  const auto without = parse_address_without_uri("<sip:u@h:5070>");
  ASSERT_TRUE(without);
  EXPECT_EQ(without->uri.host, "");
}

struct Refused {
  std::string_view text;
  ParseErrorCode code;
  std::uint32_t offset;
};

TEST(AddressParser, refuses_with_code_and_offset) {
  constexpr Refused refused[] = {
      {"", ParseErrorCode::address, 0},
      {"*", ParseErrorCode::address, 1},
      {"Bob", ParseErrorCode::address, 3},
      {"Bob, Jr. <sip:a>", ParseErrorCode::address, 3},
      {"\"open <sip:a>", ParseErrorCode::address, 13},
      {"<sip:a", ParseErrorCode::address, 6},
      {"< sip :a>", ParseErrorCode::address, 6},
      {"a:b <sip:a>", ParseErrorCode::address, 4},
      {"a;b <sip:a>", ParseErrorCode::address, 1},
      {"(\\a) <sip:a>", ParseErrorCode::address, 1},
      {"<>", ParseErrorCode::address, 1},
      {"sip:a?b=c", ParseErrorCode::address, 5},
      {"<sip:a>x", ParseErrorCode::address, 7},
      {"<sip:a>;x=<y>", ParseErrorCode::address, 10},
      {"<sip:a>;tag", ParseErrorCode::parameter, 8},
      {"<sip:a>;tag=1;tag=2", ParseErrorCode::parameter, 14},
      {"<sip:a:65536>", ParseErrorCode::port, 7},
      {"Bob <sip:a@>", ParseErrorCode::host, 11},
  };
  testing::EdgeText edge{0, 4096};
  for (const Refused& expected : refused) {
    const auto address = parse_address(edge.hold(expected.text));
    ASSERT_FALSE(address) << expected.text;
    EXPECT_EQ(to_string(address.error().code), to_string(expected.code)) << expected.text;
    EXPECT_EQ(address.error().offset, expected.offset) << expected.text;
  }
}

struct Let {
  std::string_view text, display_name, uri;
  Forgiveness kind;
  std::uint32_t offset;
};

TEST(AddressParser, notes_what_it_forgives_and_strict_reading_refuses_it) {
  constexpr Let let[] = {
      {"Dr. (Bob) <sip:a>", "Dr. (Bob)", "sip:a", Forgiveness::loose_display_name, 4},
      {"bob@home<sip:a>", "bob@home", "sip:a", Forgiveness::loose_display_name, 3},
      {"J\xc3\xb6rg M\xc3\xbcller <sip:a>;tag=1", "J\xc3\xb6rg M\xc3\xbcller", "sip:a",
       Forgiveness::loose_display_name, 1},
      {"[x]/y?={z} <sip:a>", "[x]/y?={z}", "sip:a", Forgiveness::loose_display_name, 0},
      {"< sip:a>", "", "sip:a", Forgiveness::white_space_in_brackets, 1},
      {"\"a\" <sip:a\t > , b", "\"a\"", "sip:a", Forgiveness::white_space_in_brackets, 10},
      {"\"a\xff\xc3\xb6\" <sip:a>", "\"a\xff\xc3\xb6\"", "sip:a", Forgiveness::not_utf8, 2},
      {"\"\xc3\xb6\xc3\" <sip:a>", "\"\xc3\xb6\xc3\"", "sip:a", Forgiveness::not_utf8, 3},
  };
  testing::EdgeText edge{0, 4096};
  for (const Let& expected : let) {
    const auto address = parse_address(edge.hold(expected.text));
    ASSERT_TRUE(address) << expected.text << " @" << address.error().offset;
    EXPECT_EQ(address->display_name, expected.display_name);
    EXPECT_EQ(address->uri.text, expected.uri);
    ASSERT_FALSE(address->forgiven.empty()) << expected.text;
    EXPECT_EQ(to_string(address->forgiven.first()), to_string(expected.kind)) << expected.text;
    EXPECT_EQ(address->forgiven.first_offset(), expected.offset) << expected.text;
    const auto strict = strictly(address);
    ASSERT_FALSE(strict) << expected.text;
    EXPECT_EQ(strict.error(), (ParseError{error_code_of(expected.kind), expected.offset}));
  }
  EXPECT_TRUE(strictly(parse_address("\"J\xc3\xb6rg\" <sip:a>")));
  for (const AcceptedAddress& row : accepted)
    EXPECT_TRUE(strictly(parse_address(row.text))) << row.text;
}

}  // namespace
}  // namespace sipring
