// SPDX-License-Identifier: MIT
#include <sipring/core/connection/detail/sip_domain.h>

#include <gtest/gtest.h>

#include <vector>

namespace sipring {
namespace {

using Type = AlternativeName::Type;

TEST(SipDomain, a_uri_names_a_domain_when_it_is_sip_and_has_no_user) {
  EXPECT_EQ(domain_of_uri("sip:example.com"), "example.com");
  EXPECT_EQ(domain_of_uri("SIP:example.com"), "example.com");
  EXPECT_EQ(domain_of_uri("sip:example.com:5061;transport=tls?a=b"), "example.com");
  EXPECT_EQ(domain_of_uri("sip:[2001:db8::1]:5061"), "2001:db8::1");
  EXPECT_EQ(domain_of_uri("sip:bob@example.com"), std::nullopt);
  EXPECT_EQ(domain_of_uri("sips:example.com"), std::nullopt);
  EXPECT_EQ(domain_of_uri("https://example.com"), std::nullopt);
  EXPECT_EQ(domain_of_uri("sip:"), std::nullopt);
  EXPECT_EQ(domain_of_uri("sip:;lr"), std::nullopt);
  EXPECT_EQ(domain_of_uri("sip:[2001:db8::1"), std::nullopt);
  EXPECT_EQ(domain_of_uri(""), std::nullopt);
}

TEST(SipDomain, names_are_compared_whole_and_whatever_their_case) {
  EXPECT_TRUE(is_same_domain("Example.COM", "example.com"));
  EXPECT_TRUE(is_same_domain("example.com.", "example.com"));
  EXPECT_FALSE(is_same_domain("foo.example.com", "example.com"));
  EXPECT_FALSE(is_same_domain("*.example.com", "foo.example.com"));
  EXPECT_TRUE(is_same_domain("*.example.com", "*.example.com"));
  EXPECT_FALSE(is_same_domain(".example.com", "foo.example.com"));
  EXPECT_FALSE(is_same_domain(std::string_view("a.example\0.b", 12), "a.example"));
  EXPECT_FALSE(is_same_domain("", ""));
  EXPECT_FALSE(is_same_domain(".", ""));
}

// RFC 5922 section 7.1.
TEST(SipDomain, uris_go_before_dns_names_and_these_before_the_common_name) {
  const std::vector<AlternativeName> both{{Type::uri, "sip:a.example"}, {Type::dns, "b.example"}};
  EXPECT_TRUE(speaks_for({both, "c.example"}, "a.example"));
  EXPECT_FALSE(speaks_for({both, "c.example"}, "b.example"));
  EXPECT_FALSE(speaks_for({both, "c.example"}, "c.example"));
  // A URI that names no domain does not stand in the way.
  const std::vector<AlternativeName> user{{Type::uri, "sip:bob@a.example"},
                                          {Type::dns, "b.example"}};
  EXPECT_FALSE(speaks_for({user, ""}, "a.example"));
  EXPECT_TRUE(speaks_for({user, ""}, "b.example"));
  const std::vector<AlternativeName> address{{Type::other, "192.0.2.1"}};
  EXPECT_FALSE(speaks_for({address, "c.example"}, "c.example"));
  EXPECT_TRUE(speaks_for({{}, "c.example"}, "c.example"));
  EXPECT_FALSE(speaks_for({{}, ""}, ""));
}

}  // namespace
}  // namespace sipring
