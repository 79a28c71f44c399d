// Every header field that has a parser is looked into when a message is gone over.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/registry.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/message/header/header_fields.h"
#include "tests/core/message/header/readings.h"

namespace sipring {
namespace {

HeaderCheck check_of(std::string_view name) {
  return header_check(HeaderField{header_id_from(name), name, {}});
}

TEST(Registry, has_a_row_for_each_header_field_with_a_parser) {
  for (const testing::Reading& reading : testing::readings)
    EXPECT_NE(check_of(reading.header), nullptr) << reading.header;
  testing::each_header_parser([]<auto parse>(std::string_view name) {
    EXPECT_NE(check_of(name.substr(0, name.find(':'))), nullptr) << name;
  });
}

struct Kin {
  HeaderId id;
  std::string_view good, bad;
};

// Header fields that share a parser with one of the lists above.
constexpr Kin kin[] = {
    {HeaderId::alert_info, "<http://example.com/a.wav>", "<http://example.com"},
    {HeaderId::allow, "INVITE, ACK", "INVITE ACK"},
    {HeaderId::allow_events, "presence, refer", "a b"},
    {HeaderId::content_encoding, "gzip", "g zip"},
    {HeaderId::content_language, "fr, en", "f r"},
    {HeaderId::error_info, "<sip:busy@example.com>", "<busy>"},
    {HeaderId::organization, "Boxes by Bob", "a\x01"},
    {HeaderId::p_preferred_identity, "<sip:a@example.com>", "<>"},
    {HeaderId::path, "<sip:p1.example.com;lr>, <sip:p2.example.com>", "<sip:p1.example.com"},
    {HeaderId::priv_answer_mode, "Auto;require", "Auto, Manual"},
    {HeaderId::proxy_authenticate, "Digest realm=\"a\", nonce=\"n\"", "Digest realm=\"a"},
    {HeaderId::proxy_authorization, "Digest username=\"u\"", "Digest nc=12"},
    {HeaderId::proxy_require, "foo", "f oo"},
    {HeaderId::record_route, "<sip:p.example.com;lr>", "<sip:>"},
    {HeaderId::request_disposition, "no-fork, queue", "no fork"},
    {HeaderId::require, "100rel, timer", ";"},
    {HeaderId::security_server, "tls;q=0.2", "tls;q=0.2;q=0.2"},
    {HeaderId::security_verify, "tls;q=0.2, digest", "tls;q=<1>"},
    {HeaderId::server, "a/1 (b) c", "a/1 (b"},
    {HeaderId::service_route, "<sip:s.example.com;lr>", "s"},
    {HeaderId::sip_if_match, "dx200xyz", "a b"},
    {HeaderId::suppress_if_match, "*", "a, b"},
    {HeaderId::unsupported, "foo, bar", "a b"},
};

TEST(Registry, reads_header_fields_of_one_kind_alike) {
  for (const auto& [id, good, bad] : kin) {
    ASSERT_NE(header_check(id), nullptr) << to_string(id);
    EXPECT_EQ(header_check(id)(good).error.code, ParseErrorCode::none) << to_string(id);
    EXPECT_NE(header_check(id)(bad).error.code, ParseErrorCode::none) << to_string(id);
  }
}

TEST(Registry, lists_that_may_be_empty_are_valid_when_they_are) {
  int lists = 0;
  for (int i = 0; i < 256; ++i) {
    const auto id = static_cast<HeaderId>(i);
    if (!may_be_empty(id)) continue;
    ++lists;
    ASSERT_NE(header_check(id), nullptr) << to_string(id);
    EXPECT_EQ(header_check(id)("").error.code, ParseErrorCode::none) << to_string(id);
  }
  EXPECT_EQ(lists, 9);
}

TEST(Registry, an_error_in_a_later_product_says_where_it_stands) {
  const HeaderVerdict verdict = header_check(HeaderId::user_agent)("a/1 b/2 @");
  EXPECT_EQ(verdict.error, (ParseError{ParseErrorCode::product, 8}));
}

TEST(Registry, a_second_sip_identity_is_forgiven_where_it_stands) {
  const HeaderCheck check = header_check(HeaderId::p_asserted_identity);
  EXPECT_TRUE(check("<sip:a@example.com>, <tel:+1>").forgiven.empty());
  const HeaderVerdict verdict = check("<sip:a@example.com>, <sip:b@example.com>");
  EXPECT_TRUE(verdict.forgiven.has(Forgiveness::surplus_identity));
  EXPECT_EQ(verdict.forgiven.first_offset(), 20U);
}

// RFC 4475 section 3.1.1.11 has one.
TEST(Registry, an_identity_of_rfc_4474_has_its_info_elsewhere) {
  const HeaderCheck check = header_check(HeaderId::identity);
  EXPECT_EQ(check("\"c2lnbmVk\"").error.code, ParseErrorCode::none);
  EXPECT_EQ(check("c2lnbmVk").error.code, ParseErrorCode::none);
  EXPECT_EQ(check("c2lnbmVk;alg=x").error.code, ParseErrorCode::missing_parameter);
  EXPECT_NE(check("\"c2lnbmVk\";alg=x").error.code, ParseErrorCode::none);
  EXPECT_NE(check("\"c2ln bmVk\"").error.code, ParseErrorCode::none);
}

TEST(Registry, a_malformed_expires_of_a_contact_is_forgiven) {
  const HeaderVerdict verdict = header_check(HeaderId::contact)("<sip:a@example.com>;expires=soon");
  EXPECT_EQ(verdict.error.code, ParseErrorCode::none);
  EXPECT_TRUE(verdict.forgiven.has(Forgiveness::malformed_expires));
}

}  // namespace
}  // namespace sipring
