// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri.h>

#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "tests/core/message/table.h"
#include "tests/core/message/texts.h"

namespace sipring {
namespace {

class UriParser : public ::testing::Test {
 protected:
  // Not an octet behind the text can be read.
  Parsed<Uri> read(std::string_view text) { return parse_uri(edge_.hold(text)); }
  testing::EdgeText edge_{0, 4096};
};

std::string written(std::string_view part) {
  return part.data() == nullptr ? "-" : std::string(part);
}

std::string names_of(const Forgiven& forgiven) {
  std::string names;
  for (const Forgiveness kind :
       {Forgiveness::unescaped_in_user, Forgiveness::underscore_in_host, Forgiveness::empty_user,
        Forgiveness::empty_uri_parameter, Forgiveness::unescaped_in_uri_parameter,
        Forgiveness::unescaped_in_uri_header, Forgiveness::quoted_in_uri,
        Forgiveness::empty_uri_header, Forgiveness::zone_in_host, Forgiveness::missing_port})
    if (forgiven.has(kind)) names.append(names.empty() ? "" : ",").append(to_string(kind));
  return names.empty() ? "-" : names;
}

constexpr std::array<std::string_view, 4> schemes{"sip", "sips", "tel", "other"};

// text, scheme, user, password, host, port, parameters, headers, forgiven.
TEST_F(UriParser, reads_the_parts) {
  for (const testing::Row& row : testing::read_table("uri/parse.tsv")) {
    const Parsed<Uri> uri = read(row[0]);
    ASSERT_TRUE(uri) << row[0] << " @" << uri.error().offset;
    const testing::Row seen{
        std::string(uri->text),   std::string(schemes.at(std::to_underlying(uri->scheme))),
        written(uri->user),       written(uri->password),
        written(uri->host),       std::to_string(uri->port),
        written(uri->parameters), written(uri->headers),
        names_of(uri->forgiven)};
    EXPECT_EQ(seen, row);
  }
}

TEST_F(UriParser, refuses_with_code_and_offset) {
  for (const testing::Row& row : testing::read_table("uri/refused.tsv")) {
    const Parsed<Uri> uri = read(row[0]);
    ASSERT_FALSE(uri) << row[0];
    EXPECT_EQ(to_string(uri.error().code), row[1]) << row[0];
    EXPECT_EQ(std::to_string(uri.error().offset), row[2]) << row[0];
  }
}

TEST_F(UriParser, refuses_nothing_and_control_octets) {
  for (const std::string_view text : {std::string_view{}, std::string_view{"sip\x1ah", 5}}) {
    ASSERT_FALSE(read(text));
    EXPECT_EQ(read(text).error().code, ParseErrorCode::uri);
  }
  EXPECT_EQ(read(std::string_view{"sip:a\0@h", 8}).error(), (ParseError{ParseErrorCode::uri, 5}));
  EXPECT_EQ(read("sip:\xc3\xbc").error(), (ParseError{ParseErrorCode::host, 4}));
}

struct Strict {
  std::string_view text;
  ParseErrorCode code;
  std::uint32_t offset;
};

TEST_F(UriParser, strictly_refuses_the_first_thing_it_forgave) {
  constexpr Strict refused[] = {
      {"sip:*06#@h", ParseErrorCode::uri, 7},   {"sip:u:p#w@h", ParseErrorCode::uri, 7},
      {"sip:a@h_x;;", ParseErrorCode::host, 7}, {"sip:@h", ParseErrorCode::uri, 4},
      {"sip:h;", ParseErrorCode::uri, 6},       {"sip:h;;lr", ParseErrorCode::uri, 6},
      {"sip:h;a=;lr", ParseErrorCode::uri, 8},  {"sip:h;a=b=c", ParseErrorCode::uri, 9},
      {"sip:h?a=b;c", ParseErrorCode::uri, 9},
  };
  for (const Strict& expected : refused) {
    const Parsed<Uri> uri = strictly(read(expected.text));
    ASSERT_FALSE(uri) << expected.text;
    EXPECT_EQ(uri.error(), (ParseError{expected.code, expected.offset})) << expected.text;
  }
  EXPECT_TRUE(strictly(read("sip:a;b=c?d@h;e=f?g=h")));
}

TEST_F(UriParser, names_any_scheme) {
  EXPECT_EQ(scheme_name(*read("Sip:h")), "Sip");
  EXPECT_EQ(scheme_name(*read("tel:+1")), "tel");
  EXPECT_EQ(scheme_name(*read("urn:service:sos")), "urn");
  EXPECT_TRUE(is_sip(*read("sips:h")));
  EXPECT_FALSE(is_sip(*read("tel:+1")));
  EXPECT_FALSE(is_sip(*read("http://h")));
}

}  // namespace
}  // namespace sipring
