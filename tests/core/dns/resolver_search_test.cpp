// The search list and the hosts table.
// SPDX-License-Identifier: MIT
#include <sipring/core/dns/resolver.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/dns/resolver_fixture.h"

namespace sipring::dns {
namespace {

using test::small_resolver;
using test::Zone;

class ResolverThatSearches : public test::ResolverFixture {
 protected:
  static ResolverSettings settings() {
    ResolverSettings settings = small_resolver();
    settings.search = {*Name::parse("corp.example"), *Name::parse("example.net")};
    return settings;
  }
  ResolverThatSearches() : ResolverFixture(settings(), "192.0.2.77 pbx\n") {}
};

TEST_F(ResolverThatSearches, short_names_are_sought_in_each_domain_and_then_as_they_are) {
  Zone zone(
      "sbc.example.net A 192.0.2.1\nlone A 192.0.2.2\n_sip._udp.sbc.example.net SRV 0 0 5060 x");
  (void)ask("sbc");
  serve(zone);
  EXPECT_EQ(answers[1], "records 192.0.2.1");
  EXPECT_EQ(zone.asked["sbc.corp.example A"], 1);
  (void)ask("lone");
  serve(zone);
  EXPECT_EQ(answers[1], "records 192.0.2.2");
  (void)ask("_sip._udp.sbc", RecordType::srv);
  serve(zone);
  EXPECT_EQ(answers[1], "records x");
  EXPECT_EQ(ask("sbc"), "records 192.0.2.1");
}

TEST_F(ResolverThatSearches, names_with_dots_and_names_that_end_in_one_are_asked_as_they_are) {
  Zone zone("");
  (void)ask("a.example");
  serve(zone);
  (void)ask("sbc.");
  serve(zone);
  EXPECT_EQ(zone.asked["a.example.corp.example A"], 0);
  EXPECT_EQ(zone.asked["sbc.corp.example A"], 0);
  EXPECT_EQ(zone.asked["sbc A"], 1);
}

TEST_F(ResolverThatSearches, a_name_of_the_hosts_file_is_asked_of_nobody) {
  EXPECT_EQ(ask("pbx"), "records 192.0.2.77");
  EXPECT_EQ(ask("pbx", RecordType::aaaa), "no_data");
  EXPECT_EQ(ask("pbx", RecordType::naptr), "no_data");
  EXPECT_EQ(ask("_sip._udp.pbx", RecordType::srv), "no_data");
  EXPECT_EQ(ask("localhost", RecordType::aaaa), "records ::1");
  EXPECT_EQ(ask("x.invalid"), "no_name");
  EXPECT_TRUE(sent.empty());
}

}  // namespace
}  // namespace sipring::dns
