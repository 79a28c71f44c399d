// SPDX-License-Identifier: MIT
#include <sipring/core/routing/detail/known_targets.h>

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/core/routing/located.h"

namespace sipring::test {
namespace {

using namespace std::chrono_literals;

class KnownTargetsTest : public Located {
 protected:
  explicit KnownTargetsTest(const KnownTargetsLimits& limits = {.destinations = 8,
                                                                .server_bytes = 1 << 18})
      : known(limits, {3, 4}, *std::pmr::new_delete_resource()) {}

  // The first target by a search, which is learnt from; "" where there is none.
  std::string search_for(std::string_view uri, std::uint64_t seed) {
    const auto parsed = parse_uri(uri);
    const auto destination = *destination_of(*parsed);
    TargetSearch search(destination, capabilities, seed);
    while (true) {
      const TargetSearch::Step step = search.next(now, health);
      if (const auto* target = std::get_if<Target>(&step)) return test::text_of(target->address);
      if (std::holds_alternative<NoTarget>(step)) return "";
      search.take(answer_to(std::get<TargetQuery>(step), zone));
      known.learn(destination, search);
    }
  }
  // The first target by what is known.
  std::string draw(std::string_view uri, std::uint64_t seed = 1) {
    const auto parsed = parse_uri(uri);
    const auto target = known.draw(now, *destination_of(*parsed), seed, health);
    return target ? test::text_of(target->address) : "";
  }
  void learn_all(std::string_view uri) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) (void)search_for(uri, seed);
  }
  static NetworkAddress server(const std::string& ip, std::uint16_t port = 5060) {
    return {*parse_ip_address(ip), port, Transport::udp};
  }

  KnownTargets known;
  Zone zone{
      "x.example NAPTR 1 1 s SIP+D2U _sip._udp.x.example\n"
      "_sip._udp.x.example SRV 1 30 5060 a.example\n"
      "_sip._udp.x.example SRV 1 10 5061 b.example\n"
      "_sip._udp.x.example SRV 1 0 5062 c.example\n"
      "_sip._udp.x.example SRV 2 0 5063 d.example\n"
      "a.example A 192.0.2.1\na.example A 192.0.2.11\na.example AAAA 2001:db8::1\n"
      "b.example A 192.0.2.2\nc.example AAAA 2001:db8::3\nd.example A 192.0.2.4\n"
      "host.example A 192.0.2.9"};
};

TEST_F(KnownTargetsTest, each_seed_draws_what_a_search_would_give_first) {
  learn_all("sip:x.example");
  std::map<std::string, int> counts;
  for (std::uint64_t seed = 1'000; seed < 3'000; ++seed) {
    const std::string drawn = draw("sip:x.example", seed);
    EXPECT_EQ(drawn, search_for("sip:x.example", seed));
    ++counts[drawn];
  }
  EXPECT_EQ(counts.size(), 3u);  // by weight, and not the one that was drawn first
  EXPECT_NEAR(counts["udp 192.0.2.1:5060"], 2'000 * 30 / 41, 80);
}

TEST_F(KnownTargetsTest, a_server_whose_address_is_not_known_is_left_to_the_search) {
  std::uint64_t other = 1;
  (void)search_for("sip:x.example", 0);
  const std::string first = search_for("sip:x.example", 0);
  EXPECT_EQ(draw("sip:x.example", 0), first);
  while (draw("sip:x.example", other) == first) ++other;
  EXPECT_EQ(draw("sip:x.example", other), "");
  EXPECT_NE(search_for("sip:x.example", other), first);
  EXPECT_NE(draw("sip:x.example", other), "");
}

TEST_F(KnownTargetsTest, one_that_has_failed_is_passed_over_and_comes_back) {
  learn_all("sip:x.example");
  health.failed(now, server("192.0.2.1"));
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    EXPECT_NE(draw("sip:x.example", seed), "udp 192.0.2.1:5060");
  now += 30s;
  int back = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    back += static_cast<int>(draw("sip:x.example", seed) == "udp 192.0.2.1:5060");
  EXPECT_GT(back, 50);
}

TEST_F(KnownTargetsTest, when_all_of_a_host_have_failed_it_is_for_the_search) {
  (void)search_for("sip:host.example:5060", 1);
  EXPECT_EQ(draw("sip:host.example:5060"), "udp 192.0.2.9:5060");
  health.failed(now, server("192.0.2.9"));
  EXPECT_EQ(draw("sip:host.example:5060"), "");
}

TEST_F(KnownTargetsTest, what_a_destination_says_is_what_it_is_known_by) {
  (void)search_for("sip:host.example", 1);
  EXPECT_EQ(draw("sip:host.example"), "udp 192.0.2.9:5060");
  EXPECT_EQ(draw("sip:host.example:5070"), "");
  EXPECT_EQ(draw("sip:host.example;transport=tcp"), "");
  EXPECT_EQ(draw("sips:host.example"), "");
  EXPECT_EQ(draw("sip:other.example"), "");
}

TEST_F(KnownTargetsTest, it_lives_as_long_as_the_shortest_lived_answer) {
  zone.negative_ttl = 20;  // there is no NAPTR and no SRV
  (void)search_for("sip:host.example", 1);
  (void)search_for("sip:host.example:5060", 1);
  now += 19s;
  EXPECT_EQ(draw("sip:host.example"), "udp 192.0.2.9:5060");
  now += 1s;
  EXPECT_EQ(draw("sip:host.example"), "");
  EXPECT_EQ(draw("sip:host.example:5060"),
            "udp 192.0.2.9:5060");  // its address alone was asked for
}

TEST_F(KnownTargetsTest, other_servers_take_the_place_of_those_that_expired) {
  (void)search_for("sip:x.example", 1);
  zone = Zone("_sip._udp.x.example SRV 1 1 5060 e.example\ne.example A 192.0.2.5");
  now += 301s;
  EXPECT_EQ(draw("sip:x.example"), "");
  EXPECT_EQ(search_for("sip:x.example", 1), "udp 192.0.2.5:5060");
  EXPECT_EQ(draw("sip:x.example"), "udp 192.0.2.5:5060");
  EXPECT_EQ(known.size(), 1u);
}

TEST_F(KnownTargetsTest, the_service_of_a_second_choice_is_not_taken_for_the_first) {
  zone = Zone(
      "x.example NAPTR 1 1 s SIP+D2U _sip._udp.x.example\n"
      "x.example NAPTR 2 1 s SIP+D2T _sip._tcp.x.example\n"
      "_sip._udp.x.example SRV 1 1 5060 nowhere.example\n"
      "_sip._tcp.x.example SRV 1 1 5060 a.example\na.example A 192.0.2.1");
  EXPECT_EQ(search_for("sip:x.example", 1), "tcp 192.0.2.1:5060");
  EXPECT_EQ(draw("sip:x.example"), "");
}

TEST_F(KnownTargetsTest, the_one_that_has_been_of_no_use_for_longest_makes_way) {
  for (int i = 0; i < 9; ++i) {
    const std::string uri = "sip:host.example:" + std::to_string(5060 + i);
    (void)search_for(uri, 1);
    EXPECT_NE(draw("sip:host.example:5060"), "");
  }
  EXPECT_EQ(known.size(), 8u);
  EXPECT_EQ(draw("sip:host.example:5061"), "");
  EXPECT_NE(draw("sip:host.example:5068"), "");
}

}  // namespace
}  // namespace sipring::test
