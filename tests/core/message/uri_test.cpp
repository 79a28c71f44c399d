// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri.h>

#include <gtest/gtest.h>

#include "tests/core/message/texts.h"

namespace sipring {
namespace {

struct Accepted {
  std::string_view text;
  Uri::Scheme scheme;
  std::string_view user, password, host;
  std::uint16_t port;
  std::string_view parameters, headers;
};

constexpr auto sip = Uri::Scheme::sip;
constexpr auto sips = Uri::Scheme::sips;
constexpr auto other = Uri::Scheme::other;

constexpr Accepted accepted[] = {
    {"sip:biloxi.com", sip, "", "", "biloxi.com", 0, "", ""},
    {"SIP:alice@atlanta.com", sip, "alice", "", "atlanta.com", 0, "", ""},
    {"sips:alice:pa$s@atlanta.com:5061", sips, "alice", "pa$s", "atlanta.com", 5061, "", ""},
    {"sip:+1-212-555-1212:1234@gateway.com;user=phone", sip, "+1-212-555-1212", "1234",
     "gateway.com", 0, ";user=phone", ""},
    {"sip:a;par=u%40x.net@example.net", sip, "a;par=u%40x.net", "", "example.net", 0, "", ""},
    {"sip:/?&=+$,;x@h", sip, "/?&=+$,;x", "", "h", 0, "", ""},
    {"sip:h;lr;maddr=[::1]?a=b&c=", sip, "", "", "h", 0, ";lr;maddr=[::1]", "a=b&c="},
    {"sip:[2001:db8::10]", sip, "", "", "[2001:db8::10]", 0, "", ""},
    {"sip:[2001:db8::10]:5070", sip, "", "", "[2001:db8::10]", 5070, "", ""},
    {"sip:u:@[::ffff:192.0.2.1]", sip, "u", "", "[::ffff:192.0.2.1]", 0, "", ""},
    {"tel:+358-555-1234567;postd=pp22", other, "", "", "", 0, "", ""},
    {"soap.beep://192.0.2.103:3002", other, "", "", "", 0, "", ""},
};

TEST(UriParser, reads_the_parts) {
  testing::EdgeText edge{0, 4096};  // not an octet behind the text can be read
  for (const Accepted& expected : accepted) {
    const Parsed<Uri> uri = parse_uri(edge.hold(expected.text));
    ASSERT_TRUE(uri) << expected.text << " @" << uri.error().offset;
    EXPECT_EQ(uri->text, expected.text);
    EXPECT_EQ(uri->scheme, expected.scheme) << expected.text;
    EXPECT_EQ(uri->user, expected.user) << expected.text;
    EXPECT_EQ(uri->password, expected.password) << expected.text;
    EXPECT_EQ(uri->host, expected.host) << expected.text;
    EXPECT_EQ(uri->port, expected.port) << expected.text;
    EXPECT_EQ(uri->parameters, expected.parameters) << expected.text;
    EXPECT_EQ(uri->headers, expected.headers) << expected.text;
  }
}

struct Refused {
  std::string_view text;
  ParseErrorCode code;
  std::uint32_t offset;
};

constexpr Refused refused[] = {
    {"", ParseErrorCode::uri, 0},
    {"sip:", ParseErrorCode::uri, 4},
    {"sip:@h", ParseErrorCode::uri, 4},
    {"sip:a@", ParseErrorCode::host, 6},
    {"sip:a@b@c", ParseErrorCode::host, 7},
    {"sip:a%4@h", ParseErrorCode::uri, 7},
    {"sip:a<b@h", ParseErrorCode::uri, 5},
    {"sip:h:", ParseErrorCode::port, 6},
    {"sip:h:0", ParseErrorCode::port, 6},
    {"sip:h:65536", ParseErrorCode::port, 6},
    {"sip:h:99999999999999999999", ParseErrorCode::port, 6},
    {"sip:2001:db8::10", ParseErrorCode::port, 9},
    {"sip:[2001:db8:::192.0.2.1]", ParseErrorCode::host, 4},
    {"sip:[1:2:3:4:5:6:7]", ParseErrorCode::host, 4},
    {"sip:[1:2:3:4:5:6:7:8:9]", ParseErrorCode::host, 4},
    {"sip:[::12345]", ParseErrorCode::host, 4},
    {"sip:[::256.0.0.1]", ParseErrorCode::host, 4},
    {"sip:h;", ParseErrorCode::uri, 6},
    {"sip:h;a=", ParseErrorCode::uri, 8},
    {"sip:h?a", ParseErrorCode::uri, 7},
    {"sip:h e", ParseErrorCode::host, 5},
    {"no scheme", ParseErrorCode::uri, 2},
    {"<sip:a@b>", ParseErrorCode::uri, 0},
};

TEST(UriParser, refuses_with_code_and_offset) {
  testing::EdgeText edge{0, 4096};
  for (const Refused& expected : refused) {
    const Parsed<Uri> uri = parse_uri(edge.hold(expected.text));
    ASSERT_FALSE(uri) << expected.text;
    EXPECT_EQ(to_string(uri.error().code), to_string(expected.code)) << expected.text;
    EXPECT_EQ(uri.error().offset, expected.offset) << expected.text;
  }
}

}  // namespace
}  // namespace sipring
