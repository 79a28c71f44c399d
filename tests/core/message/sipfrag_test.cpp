// SPDX-License-Identifier: MIT
#include <sipring/core/message/sipfrag.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

class SipfragParser : public ::testing::Test {
 protected:
  Parsed<Sipfrag> read(std::string_view text) {
    return parse_sipfrag(edge_.hold(test::sip(text)), message_);
  }
  testing::EdgeText edge_{0, 70'000};
  Message message_{8, *std::pmr::new_delete_resource()};
};

TEST_F(SipfragParser, reads_a_status_line_alone) {
  const auto fragment = read("SIP/2.0 100 Trying\n");
  ASSERT_TRUE(strictly(fragment));
  EXPECT_EQ(message_.status(), 100);
  EXPECT_EQ(message_.reason(), "Trying");
  EXPECT_EQ(message_.header_count(), 0U);
  EXPECT_EQ(message_.body(), "");
}

TEST_F(SipfragParser, reads_a_request_line_and_header_fields) {
  ASSERT_TRUE(strictly(read("INVITE sip:a SIP/2.0\nSubject: x\n y\nFrom: <sip:b>\n")));
  EXPECT_EQ(message_.method(), Method::invite);
  EXPECT_EQ(message_.request_uri(), "sip:a");
  EXPECT_EQ(message_.first(HeaderId::subject), "x\r\n y");
  EXPECT_EQ(message_.first(HeaderId::from), "<sip:b>");
}

TEST_F(SipfragParser, reads_header_fields_alone) {
  ASSERT_TRUE(strictly(read("INVITE : x\nv: SIP/2.0/UDP a\n")));
  EXPECT_FALSE(message_.is_request());
  EXPECT_EQ(message_.status(), 0);
  EXPECT_EQ(message_.header(0).name, "INVITE");
  EXPECT_EQ(message_.first(HeaderId::via), "SIP/2.0/UDP a");
}

TEST_F(SipfragParser, reads_a_body_whatever_Content_Length_says) {
  ASSERT_TRUE(strictly(read("SIP/2.0 200 OK\nContent-Length: 999\n\nv=0\n")));
  EXPECT_EQ(message_.body(), "v=0\r\n");
  ASSERT_TRUE(strictly(read("Content-Type: a/b\n\nhello")));
  EXPECT_EQ(message_.body(), "hello");
  ASSERT_TRUE(strictly(read("\n\nhello")));
  EXPECT_EQ(message_.body(), "hello");
  EXPECT_EQ(message_.header_count(), 0U);
}

TEST_F(SipfragParser, reads_nothing_at_all) {
  ASSERT_TRUE(strictly(read("")));
  EXPECT_EQ(message_.header_count(), 0U);
}

TEST_F(SipfragParser, forgives_a_last_line_that_does_not_end) {
  for (const std::string_view text :
       {"SIP/2.0 200 OK", "SIP/2.0 200 OK\r", "SIP/2.0 486 ", "BYE sip:a SIP/2.0",
        "SIP/2.0 200 OK\nSubject: x", "Subject:x\r", "Subject :", "Subject: x\n y"}) {
    const auto fragment = read(text);
    ASSERT_TRUE(fragment) << text;
    EXPECT_TRUE(fragment->forgiven.has(Forgiveness::no_line_ending)) << text;
    EXPECT_EQ(strictly(fragment).error().code, ParseErrorCode::line_ending);
  }
  ASSERT_TRUE(read("SIP/2.0 503 Not now"));
  EXPECT_EQ(message_.reason(), "Not now");
  ASSERT_TRUE(read("Subject : x\n y "));
  EXPECT_EQ(message_.first(HeaderId::subject), "x\r\n y");
  ASSERT_TRUE(read("BYE sip:a SIP/2.0"));
  EXPECT_EQ(message_.request_uri(), "sip:a");
}

struct Refused {
  std::string_view text;
  ParseErrorCode code;
  std::uint32_t offset;
};

TEST_F(SipfragParser, refuses_with_code_and_offset) {
  constexpr Refused refused[] = {
      {"SIP/2.0 20", ParseErrorCode::incomplete, 10},
      {"SIP/2.0 200", ParseErrorCode::incomplete, 11},
      {"SIP/2.0 700 x\n", ParseErrorCode::status_code, 8},
      {"INVITE sip:a SIP/2.", ParseErrorCode::incomplete, 19},
      {"INVITE sip:a SIP/3.0\n", ParseErrorCode::sip_version, 17},
      {"SIP/2.0 200 OK\nSubject", ParseErrorCode::incomplete, 23},
      {"SIP/2.0 200 OK\n\r", ParseErrorCode::incomplete, 17},
      {"Subject: x\nno colon\n", ParseErrorCode::header_name, 15},
      {" x", ParseErrorCode::start_line, 0},
  };
  for (const Refused& row : refused) {
    const auto fragment = read(row.text);
    ASSERT_FALSE(fragment) << row.text;
    EXPECT_EQ(to_string(fragment.error().code), to_string(row.code)) << row.text;
    EXPECT_EQ(fragment.error().offset, row.offset) << row.text;
  }
}

TEST_F(SipfragParser, refuses_more_than_a_message_takes) {
  std::string many;
  for (int i = 0; i < 9; ++i) many += "X: y\n";
  EXPECT_EQ(read(many).error().code, ParseErrorCode::too_many_headers);
  many.pop_back();
  EXPECT_EQ(read(many).error().code, ParseErrorCode::too_many_headers);
  EXPECT_EQ(read("X: " + std::string(65'536, 'x')).error().code, ParseErrorCode::message_too_large);
}

}  // namespace
}  // namespace sipring
