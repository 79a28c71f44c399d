// Names that the hosts table has, or that nobody has to be asked for.
// SPDX-License-Identifier: MIT
#include <names/found_target.h>

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>

namespace sipring::app {
namespace {

std::string first(const std::string& text, const TargetLookup& lookup = {}) {
  const auto found = find_target(text, lookup);
  return found ? std::string(to_text(found->addresses.front()).view()) : found.error();
}

TEST(FoundTarget, an_address_needs_nobody) {
  for (const auto& [text, address] :
       {std::pair{"udp:192.0.2.1", "192.0.2.1:5060"},
        std::pair{"udp:192.0.2.1:5070", "192.0.2.1:5070"},
        std::pair{"udp:[::1]:5070", "[::1]:5070"}, std::pair{"sip:bob@192.0.2.1", "192.0.2.1:5060"},
        std::pair{"sip:bob@192.0.2.1:5071;transport=udp", "192.0.2.1:5071"},
        std::pair{"tls:192.0.2.1", "192.0.2.1:5061"}, std::pair{"wss:192.0.2.1", "192.0.2.1:443"},
        std::pair{"sips:bob@192.0.2.1", "192.0.2.1:5061"}}) {
    const auto found = find_target(text, {});
    ASSERT_TRUE(found.has_value()) << found.error();
    EXPECT_EQ(found->name, "") << text;
    EXPECT_EQ(first(text), address);
  }
}

TEST(FoundTarget, has_the_transport_and_the_scheme_that_it_is_named_with) {
  for (const auto& [text, transport, is_sips] :
       {std::tuple{"udp:192.0.2.1", Transport::udp, false},
        std::tuple{"ws:192.0.2.1:8080", Transport::ws, false},
        std::tuple{"sip:bob@192.0.2.1;transport=tcp", Transport::tcp, false},
        std::tuple{"sips:bob@192.0.2.1", Transport::tls, true}}) {
    const auto found = find_target(text, {});
    ASSERT_TRUE(found.has_value()) << found.error();
    EXPECT_EQ(found->addresses.front().transport, transport) << text;
    EXPECT_EQ(found->is_sips, is_sips) << text;
  }
}

TEST(FoundTarget, may_be_a_name_that_the_system_knows) {
  EXPECT_EQ(first("udp:localhost:5070"), "127.0.0.1:5070");
  EXPECT_EQ(first("udp:localhost"), "127.0.0.1:5060");
  const auto found = find_target("sip:bob@localhost:5070", {});
  ASSERT_TRUE(found.has_value()) << found.error();
  EXPECT_EQ(found->name, "sip:bob@localhost:5070");
  EXPECT_EQ(found->user, "bob");
  EXPECT_EQ(found->host, "localhost");
  EXPECT_TRUE(to_text(*found).starts_with("sip:bob@localhost:5070 leads to udp:127.0.0.1:5070"));
}

TEST(FoundTarget, is_of_the_family_that_it_is_sent_from) {
  TargetLookup lookup;
  lookup.family = IpAddress::Family::v6;
  if (!find_target("udp:localhost:5070", lookup)) GTEST_SKIP() << "localhost has no ::1 here";
  EXPECT_EQ(first("udp:localhost:5070", lookup), "[::1]:5070");
}

TEST(FoundTarget, tells_what_is_wrong_in_a_line) {
  for (const auto& [text, why] :
       {std::pair{"udp:host.invalid:5060", "the name host.invalid does not resolve: no_such_name"},
        std::pair{"localhost:5060", "localhost"}, std::pair{"udp:localhost:0", "port"},
        std::pair{"udp:localhost:sip", "port"}, std::pair{"udp::5060", "no host"},
        std::pair{"udp:", "no host"}, std::pair{"udp:[::1:5060", "bracket"},
        std::pair{"sip:bob@192.0.2.1;transport=sctp", "transport"},
        std::pair{"tel:+15551234", "neither a sip nor a sips URI"}}) {
    const auto wrong = find_target(text, {});
    ASSERT_FALSE(wrong.has_value()) << text;
    EXPECT_NE(wrong.error().find(why), std::string::npos) << wrong.error();
    EXPECT_EQ(wrong.error().find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace sipring::app
