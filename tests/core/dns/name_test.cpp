// SPDX-License-Identifier: MIT
#include <sipring/core/dns/name.h>

#include <gtest/gtest.h>

#include <string>

namespace sipring::dns {
namespace {

std::string parsed(std::string_view text) {
  const auto name = Name::parse(text);
  return name ? std::string(name->view()) : "(none)";
}

TEST(DnsName, is_lower_case_and_has_no_final_dot) {
  EXPECT_EQ(parsed("SIP.Example.COM."), "sip.example.com");
  EXPECT_EQ(parsed("localhost"), "localhost");
  EXPECT_EQ(parsed("_sip._udp.example.com"), "_sip._udp.example.com");
}

TEST(DnsName, what_no_name_can_be_is_refused) {
  for (const char* text : {"", ".", "a..b", ".a", "a b.c", "a\x01.b", "caf\xc3\xa9.fr"})
    EXPECT_EQ(parsed(text), "(none)") << text;
}

TEST(DnsName, a_label_has_63_octets_and_a_name_253) {
  const std::string label(63, 'x');
  EXPECT_EQ(parsed(label), label);
  EXPECT_EQ(parsed(label + "x"), "(none)");
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'y');
  ASSERT_EQ(longest.size(), Name::most_octets);
  EXPECT_EQ(parsed(longest), longest);
  EXPECT_EQ(parsed(longest + "y"), "(none)");
}

TEST(DnsName, one_that_does_not_fit_behind_another_leaves_it_as_it_was) {
  Name name = *Name::parse("sbc");
  EXPECT_TRUE(name.add(*Name::parse("example.com")));
  EXPECT_EQ(name.view(), "sbc.example.com");
  const std::string label(63, 'x');
  EXPECT_FALSE(
      name.add(*Name::parse(label + "." + label + "." + label + "." + std::string(60, 'x'))));
  EXPECT_EQ(name.view(), "sbc.example.com");
}

TEST(DnsName, the_host_of_a_service_is_what_follows_its_underscores) {
  EXPECT_EQ(Name::parse("_sip._udp.example.com")->host(), "example.com");
  EXPECT_EQ(Name::parse("example.com")->host(), "example.com");
  EXPECT_EQ(Name::parse("_sip")->host(), "");
}

}  // namespace
}  // namespace sipring::dns
