// What the ordinary forms take is what the grammars find; what they decline may be good or bad.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/ordinary.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/header/values.h>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/core/message/texts.h"

namespace sipring {
namespace {

class OrdinaryForms : public ::testing::Test {
 protected:
  bool via(std::string_view text) {
    const std::string_view value = edge_.hold(text);
    Via taken;
    if (!detail::take_ordinary_via(value, taken)) return false;
    const Parsed<Via> read = detail::parse_via_plain(value);
    EXPECT_TRUE(read) << text;
    if (read) expect_same(taken, *read);
    return true;
  }

  bool tag(std::string_view text) {
    const std::string_view value = edge_.hold(text);
    std::string_view taken;
    if (!detail::take_ordinary_tag(value, taken)) return false;
    const Parsed<Address> read = detail::parse_address_without_uri_plain(value);
    EXPECT_TRUE(read) << text;
    if (read) {
      EXPECT_EQ(taken, read->tag) << text;
      EXPECT_EQ(read->length, value.size()) << text;
    }
    return true;
  }

  bool call_id(std::string_view text) {
    const std::string_view value = edge_.hold(text);
    const bool taken = detail::is_ordinary_call_id(value);
    if (taken) {
      EXPECT_TRUE(parse_call_id(value)) << text;
    }
    return taken;
  }

  // Every octet replaced by every other: whatever is still taken agrees.
  template <class Take>
  static void mutate(std::string text, Take&& take) {
    for (char& octet : text) {
      const char kept = octet;
      for (int other = 0; other < 256; ++other) {
        octet = static_cast<char>(other);
        take(text);
      }
      octet = kept;
    }
    for (std::size_t size = 0; size < text.size(); ++size) take(text.substr(0, size));
  }

 private:
  static void expect_same(const Via& a, const Via& b) {
    EXPECT_EQ(a.transport, b.transport);
    EXPECT_EQ(a.host, b.host);
    EXPECT_EQ(a.port, b.port);
    EXPECT_EQ(a.branch, b.branch);
    EXPECT_EQ(a.received, b.received);
    EXPECT_EQ(a.maddr, b.maddr);
    EXPECT_EQ(a.has_rport, b.has_rport);
    EXPECT_EQ(a.rport, b.rport);
    EXPECT_EQ(a.rport_text, b.rport_text);
    EXPECT_EQ(a.parameters, b.parameters);
    EXPECT_EQ(a.text, b.text);
    EXPECT_EQ(a.length, b.length);
  }

  testing::EdgeText edge_{0, 4096};
};

constexpr std::string_view ordinary_via = "SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK77;rport;x=y";
constexpr std::string_view ordinary_from = "Alice B <sip:alice@example.com:5060>;tag=a1;x=y";
constexpr std::string_view quoted_from = "\"A. B\" <sip:a@b.example>;x;tag=a1";

TEST_F(OrdinaryForms, are_taken) {
  for (const std::string_view text :
       {ordinary_via, std::string_view("SIP/2.0/TLS pc33.example.com"),
        std::string_view("SIP/2.0/UDP host.example;rport;branch=z9hG4bK1"),
        std::string_view("SIP/2.0/UDP host.example;rport=5060;branch=z9hG4bK1"),
        std::string_view("SIP/2.0/UDP host.example;received=192.0.2.1"),
        std::string_view("SIP/2.0/WSS h;BRANCH=z9hG4bK1;flag;rPort")}) {
    EXPECT_TRUE(via(text)) << text;
  }
  for (const std::string_view text :
       {ordinary_from, quoted_from, std::string_view("<sip:bob@example.com>"),
        std::string_view("<sip:bob@example.com>;Tag=T"), std::string_view("Bob<sip:b@example>"),
        std::string_view("\"\"<sip:bob@example.com>;tag=1")}) {
    EXPECT_TRUE(tag(text)) << text;
  }
  EXPECT_TRUE(call_id("0123456789abcdef"));
  EXPECT_TRUE(call_id("0123456789abcdef@192.0.2.1"));
}

TEST_F(OrdinaryForms, leave_the_rest_to_the_grammar) {
  for (const std::string_view text : {"SIP/2.0/UDP  host.example;branch=z9hG4bK1",
                                      "SIP / 2.0 / UDP host.example:5060",
                                      "SIP/2.0/UDP [2001:db8::1];branch=z9hG4bK1",
                                      "SIP/2.0/UDP host.example;branch=",
                                      "SIP/2.0/UDP host.example;maddr=192.0.2.1",
                                      "SIP/2.0/UDP host.example;rport=0",
                                      "SIP/2.0/UDP host.example;rport=65536",
                                      "SIP/2.0/UDP host.example;rport=5060x",
                                      "SIP/2.0/UDP host.example;rport=1;rport",
                                      "SIP/2.0/UDP host.example;received",
                                      "SIP/2.0/UDP host.example;received=[2001:db8::1]",
                                      "SIP/2.0/UDP host.example;received=name.example",
                                      "SIP/2.0/UDP h;received=192.0.2.1;received=192.0.2.1",
                                      "SIP/2.0/UDP host.example:0;rport",
                                      "SIP/2.0/UDP host.example:65536;rport",
                                      "SIP/2.0/UDP host.example;rport;rport",
                                      "SIP/2.0/UDP host.example;branch=1;branch=2",
                                      "SIP/2.0/UDP h.example;x=1, SIP/2.0/UDP b",
                                      "SIP/2.0/UDP host.example;x=\"quoted\"",
                                      "SIP/2.0/UDP h"}) {
    EXPECT_FALSE(via(text)) << text;
  }
  for (const std::string_view text :
       {"sip:bob@example.com;tag=1", "Bob  <sip:bob@example.com>", "<sip:bob@example.com>, <sip:b>",
        "\"a\\\"b\" <sip:bob@example.com>", "<sip:bob@example.com>;tag=1;tag=2",
        "<sip:bob@example.com>;tag=\"1\"", "<sip:bob@example.com>;tag", "<>;tag=0123456789",
        "<sip:bob@example.com> ;tag=1", "Bob Bob Bob Bob Bob", "\"0123456789abcde", "<sip:b@c>"}) {
    EXPECT_FALSE(tag(text)) << text;
  }
  for (const std::string_view text :
       {"@0123456789abcdef", "0123456789abcdef@", "0123456789@abcdef@x", "0123456789 abcdef", ""}) {
    EXPECT_FALSE(call_id(text)) << text;
  }
}

TEST_F(OrdinaryForms, agree_with_the_grammar_whatever_octet_is_changed) {
  mutate(std::string(ordinary_via), [&](std::string_view text) { (void)via(text); });
  for (const std::string_view text : {ordinary_from, quoted_from}) {
    mutate(std::string(text), [&](std::string_view changed) { (void)tag(changed); });
  }
  mutate("0123456789abcdef@192.0.2.1", [&](std::string_view text) { (void)call_id(text); });
}

}  // namespace
}  // namespace sipring
