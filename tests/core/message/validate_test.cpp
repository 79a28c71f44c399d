// SPDX-License-Identifier: MIT
#include <sipring/core/message/validate.h>

#include <sipring/core/message/header/registry.h>
#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <array>
#include <memory_resource>
#include <string>
#include <vector>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

const std::string good = test::sip(R"(
OPTIONS sip:bob@192.0.2.9 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1
Max-Forwards: 70
From: Alice <sip:alice@example.com>;tag=a1
To: Bob <sip:bob@example.com>
Call-ID: c1@192.0.2.1
CSeq: 7 OPTIONS
Contact: <sip:alice@192.0.2.1:5062>
Content-Length: 0

)");

std::string changed(std::string_view from, std::string_view to) {
  std::string text = good;
  return text.replace(text.find(from), from.size(), to);
}

class Validate : public ::testing::Test {
 protected:
  std::vector<Finding> findings_in(std::string_view text) {
    EXPECT_TRUE(parse(edge_.hold(text), message_)) << text;
    std::array<Finding, 16> found;
    const std::size_t count = validate(message_, found);
    return {found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count)};
  }
  Finding only_finding_in(std::string_view text) {
    const std::vector<Finding> found = findings_in(text);
    EXPECT_EQ(found.size(), 1U) << text;
    return found.empty() ? Finding{} : found.front();
  }

  testing::EdgeText edge_{readable_padding};
  Message message_{128, *std::pmr::new_delete_resource()};
};

struct Mistake {
  std::string_view from, to;
  HeaderId header;
  ParseErrorCode code;
  std::uint32_t offset;
  Forgiveness forgiven = Forgiveness::count;
};

TEST_F(Validate, finds_nothing_in_a_good_message) {
  EXPECT_TRUE(findings_in(good).empty());
}

TEST_F(Validate, finds_each_mistake_where_it_is) {
  using enum HeaderId;
  constexpr Mistake mistakes[] = {
      {"Contact: <sip:alice@192.0.2.1:5062>", "Contact: <sip:alice@192.0.2.1:0>", contact,
       ParseErrorCode::port, 20, Forgiveness::missing_port},
      {"Contact: <sip:alice@192.0.2.1:5062>", "Contact: <sip:alice@192.0.2.1:65536>", contact,
       ParseErrorCode::port, 21},
      {"Contact: <sip:alice@192.0.2.1:5062>", "Contact: <sip:alice@192..2.1>", contact,
       ParseErrorCode::host, 11, Forgiveness::loose_host},
      {"Contact: <sip:alice@192.0.2.1:5062>", "Contact: <sip:a>, <sip:b", contact,
       ParseErrorCode::address, 15},
      {"Contact: <sip:alice@192.0.2.1:5062>", "Contact: <sip:a>,", contact,
       ParseErrorCode::header_value, 7, Forgiveness::empty_element},
      {"Contact:", "Expires: soon\r\nContact:", expires, ParseErrorCode::number, 0},
      {"Contact:", "Subject: \xc3\r\nContact:", subject, ParseErrorCode::not_utf8, 0,
       Forgiveness::not_utf8},
      {"Contact:", "Subject: a\r\ns: b\r\nContact:", subject, ParseErrorCode::repeated_header, 0,
       Forgiveness::repeated_idle_header},
      {"Contact:", "User-Agent: FPBX-16(18)\r\nContact:", user_agent, ParseErrorCode::field_value,
       7, Forgiveness::unread_value},
      {"sip:bob@192.0.2.9", "sip:*06#@192.0.2.9", extension, ParseErrorCode::uri, 15,
       Forgiveness::unescaped_in_user},
      {"example.com>;tag=a1", "example.com>", from, ParseErrorCode::address, 0,
       Forgiveness::missing_from_tag},
      {"Bob <sip", "<sip:a>, Bob <sip", to, ParseErrorCode::repeated_header, 7},
      {"Max-Forwards: 70\r\n", "", max_forwards, ParseErrorCode::missing_header, 0,
       Forgiveness::missing_max_forwards},
      {"Max-Forwards: 70", "Max-Forwards: 300", max_forwards, ParseErrorCode::number, 0},
      {"branch=z9hG4bK1", "branch=z9hG4bK", via, ParseErrorCode::via, 0,
       Forgiveness::missing_branch},
      {"192.0.2.1:5062;branch", "a_b;branch", via, ParseErrorCode::host, 13,
       Forgiveness::underscore_in_host},
      {"7 OPTIONS", "7 INVITE", cseq, ParseErrorCode::cseq, 2},
      {"sip:bob@192.0.2.9", "sip:bob@192.0.2.9?To=x", extension, ParseErrorCode::request_uri, 8,
       Forgiveness::headers_in_request_uri},
      {"sip:bob@192.0.2.9", "sip:2001:db8::9", extension, ParseErrorCode::port, 17},
  };
  for (const Mistake& mistake : mistakes) {
    const Finding found = only_finding_in(changed(mistake.from, mistake.to));
    EXPECT_EQ(found.header, mistake.header) << mistake.to;
    EXPECT_EQ(to_string(found.error.code), to_string(mistake.code)) << mistake.to;
    EXPECT_EQ(found.error.offset, mistake.offset) << mistake.to;
    EXPECT_EQ(to_string(found.forgiven), to_string(mistake.forgiven)) << mistake.to;
  }
}

TEST_F(Validate, counts_what_does_not_fit) {
  EXPECT_TRUE(parse(edge_.hold("OPTIONS sip:a SIP/2.0\r\nX-Own: y\r\n\r\n"), message_));
  std::array<Finding, 2> found;
  EXPECT_EQ(validate(message_, found), 6U) << "five mandatory header fields, Max-Forwards";
  EXPECT_EQ(found[1].header, HeaderId::from);
  EXPECT_EQ(found[1].refusal().reason(), "Missing From Header Field");
}

TEST_F(Validate, leaves_the_values_of_extensions_alone) {
  EXPECT_TRUE(findings_in(changed("Contact:", "X-Any: \xff\r\nContact:")).empty());
}

TEST_F(Validate, a_broken_header_field_spoils_no_other) {
  (void)findings_in(changed("Contact: <sip", "Contact: <sip:a b"));
  EXPECT_EQ(message_.first(HeaderId::call_id), "c1@192.0.2.1");
  EXPECT_EQ(message_.header_count(), 8U);
}

TEST(HeaderRegistry, knows_every_header_field_that_the_envelope_reads) {
  for (const HeaderId id : {HeaderId::via, HeaderId::from, HeaderId::to, HeaderId::call_id,
                            HeaderId::cseq, HeaderId::max_forwards, HeaderId::content_length}) {
    ASSERT_NE(header_check(id), nullptr) << to_string(id);
    EXPECT_NE(header_check(id)("").error.code, ParseErrorCode::none) << to_string(id);
  }
  EXPECT_EQ(header_check(HeaderId::extension), nullptr);
  EXPECT_EQ(header_check(HeaderId::contact)("*").error.code, ParseErrorCode::none);
}

}  // namespace
}  // namespace sipring
