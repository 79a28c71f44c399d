// SPDX-License-Identifier: MIT
#include <sipring/core/message/validate.h>

#include <gtest/gtest.h>

namespace sipring {
namespace {

TEST(Refusal, has_a_status_and_a_reason_for_every_error) {
  for (std::uint8_t i = 1; i <= static_cast<std::uint8_t>(ParseErrorCode::not_utf8); ++i) {
    const auto code = static_cast<ParseErrorCode>(i);
    const Refusal refusal(code);
    EXPECT_GE(refusal.status(), 400) << to_string(code);
    EXPECT_FALSE(refusal.reason().empty()) << to_string(code);
    EXPECT_EQ(refusal.status(), status_of(code));
  }
  EXPECT_EQ(status_of(ParseErrorCode::none), 0);
}

TEST(Refusal, says_which_limit_was_passed) {
  EXPECT_EQ(status_of(ParseErrorCode::body_too_large), 413);
  EXPECT_EQ(status_of(ParseErrorCode::request_uri_too_long), 414);
  EXPECT_EQ(status_of(ParseErrorCode::sip_version), 505);
  EXPECT_EQ(status_of(ParseErrorCode::too_many_headers), 513);
  EXPECT_EQ(status_of(ParseErrorCode::message_too_large), 513);
  EXPECT_EQ(Refusal(ParseErrorCode::request_uri_too_long).reason(), "Request-URI Too Long");
}

TEST(Refusal, names_the_header_field) {
  EXPECT_EQ(Refusal(HeaderId::cseq, ParseErrorCode::cseq).reason(), "Malformed CSeq Header Field");
  EXPECT_EQ(Refusal(HeaderId::to, ParseErrorCode::missing_header).reason(),
            "Missing To Header Field");
  EXPECT_EQ(Refusal(HeaderId::from, ParseErrorCode::repeated_header).reason(),
            "Repeated From Header Field");
  EXPECT_EQ(Refusal(HeaderId::extension, ParseErrorCode::header_value).reason(),
            "Malformed Header Field");
}

}  // namespace
}  // namespace sipring
