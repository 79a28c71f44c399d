// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/via.h>

#include <gtest/gtest.h>

#include <vector>

#include "tests/core/message/texts.h"

namespace sipring {
namespace {

class ViaParser : public ::testing::Test {
 protected:
  Parsed<Via> read(std::string_view value) { return parse_via(edge_.hold(value)); }
  testing::EdgeText edge_{0, 4096};
};

TEST_F(ViaParser, reads_an_ordinary_one) {
  const auto via = read(
      "SIP/2.0/UDP pc33.atlanta.com:5066;branch=z9hG4bK776asdhds;rport=5062;received=192.0.2.1");
  ASSERT_TRUE(via);
  EXPECT_EQ(via->transport, "UDP");
  EXPECT_EQ(via->host, "pc33.atlanta.com");
  EXPECT_EQ(via->port, 5066);
  EXPECT_EQ(via->branch, "z9hG4bK776asdhds");
  EXPECT_TRUE(via->has_rport);
  EXPECT_EQ(via->rport, 5062);
  EXPECT_EQ(via->received, "192.0.2.1");
  EXPECT_EQ(via->parameters, ";branch=z9hG4bK776asdhds;rport=5062;received=192.0.2.1");
  EXPECT_EQ(via->length, via->text.size());
}

TEST_F(ViaParser, reads_white_space_folds_and_case) {
  const auto via = read(
      "SIP  /\r\n 2.0 / TLS\t[2001:db8::1] : 5061 ; BRANCH = z9 ;\r\n RPort ; x=\"a;,\\\"b\" ");
  ASSERT_TRUE(via);
  EXPECT_EQ(via->transport, "TLS");
  EXPECT_EQ(via->host, "[2001:db8::1]");
  EXPECT_EQ(via->port, 5061);
  EXPECT_EQ(via->branch, "z9");
  EXPECT_TRUE(via->has_rport);
  EXPECT_EQ(via->rport, 0);
  EXPECT_EQ(via->parameters, "; BRANCH = z9 ;\r\n RPort ; x=\"a;,\\\"b\"");
}

TEST_F(ViaParser, takes_the_last_of_mixed_spellings) {
  for (const auto* value : {"SIP/2.0/UDP h;a=b;branch=x ;c", "SIP/2.0/UDP h ;branch=x",
                            "SIP/2.0/UDP h;a=\"q\";branch=x", "SIP/2.0/UDP h;branch= x;y=1",
                            "SIP/2.0/UDP h;q=\"s\" ;z;branch=x"}) {
    const auto via = read(value);
    ASSERT_TRUE(via) << value;
    EXPECT_EQ(via->branch, "x") << value;
  }
}

TEST_F(ViaParser, walks_a_list) {
  std::vector<std::string> hosts;
  std::string_view rest =
      edge_.hold("SIP/2.0/UDP a;x=\",\" , SIP/2.0/TCP b;branch=1,SIP/2.0/UDP c");
  for (;;) {
    const auto via = parse_via(rest);
    ASSERT_TRUE(via);
    hosts.emplace_back(via->host);
    if (via->length == rest.size()) break;
    rest.remove_prefix(via->length + 1);
  }
  EXPECT_EQ(hosts, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(ViaParser, takes_received_with_and_without_brackets) {
  EXPECT_EQ(read("SIP/2.0/UDP h;received=2001:db8::9")->received, "2001:db8::9");
  EXPECT_EQ(read("SIP/2.0/UDP h;received=[2001:db8::9]")->received, "[2001:db8::9]");
  EXPECT_EQ(read("SIP/2.0/UDP h;maddr=224.2.0.1")->maddr, "224.2.0.1");
}

TEST_F(ViaParser, forgives_an_underscore_in_the_host_and_strict_reading_refuses_it) {
  const auto via = read("SIP/2.0/UDP sip_1.my_net:5061;branch=z9");
  ASSERT_TRUE(via);
  EXPECT_EQ(via->host, "sip_1.my_net");
  EXPECT_EQ(via->port, 5061);
  EXPECT_EQ(via->branch, "z9");
  EXPECT_EQ(strictly(via).error(), (ParseError{ParseErrorCode::host, 15}));
  EXPECT_TRUE(strictly(read("SIP/2.0/UDP sip-1.my-net;x=_")));
}

TEST_F(ViaParser, forgives_brackets_round_received_and_strict_reading_refuses_them) {
  const auto via = read("SIP/2.0/UDP h;received=[2001:db8::9];rport");
  ASSERT_TRUE(via);
  EXPECT_TRUE(via->forgiven.has(Forgiveness::bracketed_received));
  EXPECT_EQ(strictly(via).error(), (ParseError{ParseErrorCode::parameter, 23}));
  EXPECT_TRUE(strictly(read("SIP/2.0/UDP [::1];received=2001:db8::9")));
}

struct RefusedVia {
  std::string_view text;
  ParseErrorCode code;
  std::uint32_t offset;
};

TEST_F(ViaParser, refuses_with_code_and_offset) {
  constexpr RefusedVia refused[] = {
      {"", ParseErrorCode::via, 0},
      {"SIP/2.0", ParseErrorCode::via, 7},
      {"SIP/2.0/UDP", ParseErrorCode::via, 11},
      {"SIP/2.0/UDP ", ParseErrorCode::via, 12},
      {"SIP/2.0/UDP h$x", ParseErrorCode::host, 13},
      {"SIP/2.0/UDP [h_x]", ParseErrorCode::host, 13},
      {"SIP/2.0/UDP h:x", ParseErrorCode::port, 14},
      {"SIP/2.0/UDP h:65536", ParseErrorCode::port, 14},
      {"SIP/2.0/UDP [::g]", ParseErrorCode::host, 15},
      {"SIP/2.0/UDP [:::]", ParseErrorCode::host, 12},
      {"SIP/2.0/UDP h;branch=", ParseErrorCode::parameter, 14},
      {"SIP/2.0/UDP h;branch", ParseErrorCode::parameter, 14},
      {"SIP/2.0/UDP h;branch=\"\"", ParseErrorCode::parameter, 14},
      {"SIP/2.0/UDP h;branch=<x>", ParseErrorCode::via, 21},
      {"SIP/2.0/UDP h;branch=a;branch=b", ParseErrorCode::parameter, 23},
      {"SIP/2.0/UDP h;rport;rport=1", ParseErrorCode::parameter, 20},
      {"SIP/2.0/UDP h;received=a;received=b", ParseErrorCode::parameter, 25},
      {"SIP/2.0/UDP h;maddr=a;maddr=[1]", ParseErrorCode::parameter, 22},
      {"SIP/2.0/UDP h;x=\"open", ParseErrorCode::via, 21},
  };
  for (const RefusedVia& expected : refused) {
    const auto via = read(expected.text);
    ASSERT_FALSE(via) << expected.text;
    EXPECT_EQ(to_string(via.error().code), to_string(expected.code)) << expected.text;
    EXPECT_EQ(via.error().offset, expected.offset) << expected.text;
  }
}

}  // namespace
}  // namespace sipring
