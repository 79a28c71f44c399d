// CSeq, Call-ID, the numbers.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/values.h>

#include <gtest/gtest.h>
#include <sipring/core/message/header/cseq.h>

#include "tests/core/message/texts.h"

namespace sipring {
namespace {

TEST(CSeqParser, reads_number_and_method) {
  EXPECT_EQ(parse_cseq("314159 INVITE")->number, 314159U);
  EXPECT_EQ(parse_cseq("0009\r\n  INVITE")->number, 9U);
  EXPECT_EQ(parse_cseq("0 ACK")->method, Method::ack);
  EXPECT_EQ(parse_cseq("2147483647 X-Y")->method_name, "X-Y");
  EXPECT_EQ(parse_cseq("2147483647 X-Y")->method, Method::unknown);
}

TEST(CSeqParser, refuses_with_offset) {
  testing::EdgeText edge{0, 4096};
  const std::pair<std::string_view, std::uint32_t> refused[] = {
      {"", 0},        {"INVITE", 0},         {"1", 1},
      {"1 ", 2},      {"1INVITE", 1},        {"-1 ACK", 0},
      {"1 ACK x", 5}, {"2147483648 ACK", 0}, {"36893488147419103232 REGISTER", 0}};
  for (const auto& [text, offset] : refused) {
    const auto cseq = parse_cseq(edge.hold(text));
    ASSERT_FALSE(cseq) << text;
    EXPECT_EQ(cseq.error(), (ParseError{ParseErrorCode::cseq, offset})) << text;
  }
}

TEST(CallIdParser, is_a_word_or_two_joined_by_at) {
  testing::EdgeText edge{0, 4096};
  for (const auto* text : {"a84b4c76e66710@pc33.atlanta.com", "x", "a<b>(c):\\\"/[]?{}@[::1]"})
    EXPECT_EQ(strictly(parse_call_id(edge.hold(text))).value().text, text);
  const std::pair<std::string_view, std::uint32_t> refused[] = {
      {"", 0}, {"a b", 1}, {" a", 0}, {"a\x01", 1}, {"a\x7f", 1}, {"a\r\n b", 1}};
  for (const auto& [text, offset] : refused)
    EXPECT_EQ(parse_call_id(edge.hold(text)).error(), (ParseError{ParseErrorCode::call_id, offset}))
        << text;
}

TEST(CallIdParser, forgives_any_visible_octet_and_says_where) {
  testing::EdgeText edge{0, 4096};
  const std::pair<std::string_view, std::uint32_t> forgiven[] = {
      {"@a", 0}, {"a@", 2}, {"a@b@c", 3}, {"a;b", 1}, {"c2lw==@h", 4}, {"a,b", 1}, {"\xc3\xa4", 0}};
  for (const auto& [text, offset] : forgiven) {
    const Parsed<CallId> call_id = parse_call_id(edge.hold(text));
    ASSERT_TRUE(call_id) << text;
    EXPECT_EQ(call_id->text, text);
    EXPECT_EQ(strictly(call_id).error(), (ParseError{ParseErrorCode::call_id, offset})) << text;
  }
}

TEST(NumberParsers, keep_their_bounds) {
  EXPECT_EQ(parse_max_forwards("0"), 0U);
  EXPECT_EQ(parse_max_forwards("255"), 255U);
  EXPECT_EQ(parse_max_forwards("256").error().code, ParseErrorCode::number);
  EXPECT_EQ(parse_content_length("0000000000012"), 12U);
  EXPECT_EQ(parse_content_length("4294967296").error().code, ParseErrorCode::content_length);
  EXPECT_EQ(parse_content_length("-999").error(), (ParseError{ParseErrorCode::content_length, 0}));
  EXPECT_EQ(parse_expires("4294967295"), 4294967295U);
  EXPECT_EQ(parse_expires(std::string(100, '9')), 4294967295U);
  EXPECT_EQ(parse_expires("12h").error(), (ParseError{ParseErrorCode::number, 2}));
  EXPECT_EQ(parse_expires("").error(), (ParseError{ParseErrorCode::number, 0}));
}

}  // namespace
}  // namespace sipring
