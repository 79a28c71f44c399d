// What a table cannot say: odds, one question at a time, name servers that misbehave.
// SPDX-License-Identifier: MIT
#include <sipring/core/routing/target_search.h>

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/core/routing/located.h"

namespace sipring::test {
namespace {

using namespace std::chrono_literals;

// How often each target comes first.
std::map<std::string, int> firsts(std::string_view zone_text, int searches) {
  std::map<std::string, int> counts;
  Zone zone(zone_text);
  Located located;
  for (int i = 0; i < searches; ++i) {
    const auto found =
        located.find("sip:bob@x.example;transport=udp", zone, static_cast<std::uint64_t>(i));
    if (!found.empty()) ++counts[found.front()];
  }
  return counts;
}

TEST(TargetSearch, weights_are_odds) {
  const auto counts = firsts(
      "_sip._udp.x.example SRV 0 10 1 a.example\n"
      "_sip._udp.x.example SRV 0 30 2 a.example\n"
      "_sip._udp.x.example SRV 0 60 3 a.example\n"
      "_sip._udp.x.example SRV 1 1000 4 a.example\n"
      "a.example A 192.0.2.1",
      4'000);
  // RFC 2782 draws 0 to 100, both included: 11, 30 and 60 of 101. Four standard deviations.
  EXPECT_NEAR(counts.at("udp 192.0.2.1:1"), 4'000 * 11 / 101, 80);
  EXPECT_NEAR(counts.at("udp 192.0.2.1:2"), 4'000 * 30 / 101, 118);
  EXPECT_NEAR(counts.at("udp 192.0.2.1:3"), 4'000 * 60 / 101, 126);
  EXPECT_EQ(counts.size(), 3u);
}

TEST(TargetSearch, what_weighs_nothing_has_a_small_chance) {
  const auto counts = firsts(
      "_sip._udp.x.example SRV 0 0 1 a.example\n"
      "_sip._udp.x.example SRV 0 99 2 a.example\n"
      "a.example A 192.0.2.1",
      4'000);
  EXPECT_NEAR(counts.at("udp 192.0.2.1:1"), 40, 26);  // 1 of 100
}

TEST(TargetSearch, the_second_is_drawn_by_weight_among_those_that_are_left) {
  Zone zone(
      "_sip._udp.x.example SRV 0 50 1 a.example\n"
      "_sip._udp.x.example SRV 0 40 2 a.example\n"
      "_sip._udp.x.example SRV 0 10 3 a.example\n"
      "a.example A 192.0.2.1");
  Located located;
  std::map<std::string, int> orders;
  for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
    std::string order;
    for (const auto& target : located.find("sip:x.example;transport=udp", zone, seed))
      order += target.back();
    ++orders[order];
  }
  EXPECT_EQ(orders.size(), 6u);  // each order comes, and each has three targets
  const auto chance = [](double first, double all_first, double second, double all_second) {
    return 4'000 * first / all_first * second / all_second;
  };
  // What is listed first has the drawn 0 too.
  EXPECT_NEAR(orders.at("123"), chance(51, 101, 41, 51), 126);
  EXPECT_NEAR(orders.at("132"), chance(51, 101, 10, 51), 78);
  EXPECT_NEAR(orders.at("213"), chance(40, 101, 51, 61), 120);
}

TEST(TargetSearch, the_same_seed_gives_the_same_order) {
  std::string text;
  for (int i = 0; i < 8; ++i)
    text += "_sip._udp.x.example SRV 0 5 " + std::to_string(5060 + i) + " a.example\n";
  Zone zone(text + "a.example A 192.0.2.1");
  Located located;
  const auto first = located.find("sip:x.example;transport=udp", zone, 42);
  EXPECT_EQ(first.size(), 8u);
  EXPECT_EQ(located.find("sip:x.example;transport=udp", zone, 42), first);
  EXPECT_NE(located.find("sip:x.example;transport=udp", zone, 43), first);
}

TEST(TargetSearch, asks_for_a_second_server_only_when_the_first_has_failed) {
  Zone zone(
      "_sip._udp.x.example SRV 0 0 5060 a.example\n_sip._udp.x.example SRV 1 0 5060 b.example\n"
      "a.example A 192.0.2.1\nb.example A 192.0.2.2");
  Located located;
  located.capabilities = {.transports = {Transport::udp}};
  TargetSearch search(*destination_of(*parse_uri("sip:x.example;transport=udp")),
                      located.capabilities, 1);
  const auto answer = [&] {
    const auto step = search.next(located.now, located.health);
    search.take(located.answer_to(std::get<TargetQuery>(step), zone));
  };
  answer();
  answer();
  const auto target = std::get<Target>(search.next(located.now, located.health));
  EXPECT_EQ(text_of(target.address), "udp 192.0.2.1:5060");
  EXPECT_TRUE(target.by_service);
  EXPECT_EQ(zone.asked["b.example A"], 0);
  answer();
  EXPECT_EQ(zone.asked["b.example A"], 1);
  EXPECT_EQ(search.domain(), "x.example");
}

TEST(TargetSearch, asks_for_both_families_at_once_and_waits_for_the_first_alone) {
  Zone zone("x.example A 192.0.2.1\nx.example AAAA 2001:db8::1");
  Located located;
  for (const bool v6_first : {false, true}) {
    located.capabilities.v6_first = v6_first;
    TargetSearch search(*destination_of(*parse_uri("sip:x.example:5060")), located.capabilities, 1);
    const auto step = search.next(located.now, located.health);
    const TargetQuery& query = std::get<TargetQuery>(step);
    EXPECT_EQ(query.type, v6_first ? dns::RecordType::aaaa : dns::RecordType::a);
    EXPECT_EQ(query.prefetch, v6_first ? dns::RecordType::a : dns::RecordType::aaaa);
    search.take(located.answer_to(query, zone));
    const auto target = std::get<Target>(search.next(located.now, located.health));
    EXPECT_EQ(text_of(target.address), v6_first ? "udp [2001:db8::1]:5060" : "udp 192.0.2.1:5060");
  }
  located.capabilities = {.transports = {Transport::udp}};  // IPv4 alone
  TargetSearch search(*destination_of(*parse_uri("sip:x.example:5060")), located.capabilities, 1);
  const auto step = search.next(located.now, located.health);
  EXPECT_EQ(std::get<TargetQuery>(step).prefetch, std::nullopt);
}

TEST(TargetSearch, a_name_server_that_is_silent_about_the_other_family_does_not_change_the_end) {
  Zone zone("x.example A 192.0.2.1");
  Located located;
  TargetSearch search(*destination_of(*parse_uri("sip:x.example:5060")), located.capabilities, 1);
  const auto first = search.next(located.now, located.health);
  search.take(located.answer_to(std::get<TargetQuery>(first), zone));
  EXPECT_TRUE(std::holds_alternative<Target>(search.next(located.now, located.health)));
  EXPECT_TRUE(std::holds_alternative<TargetQuery>(search.next(located.now, located.health)));
  search.take({});  // failed
  EXPECT_EQ(std::get<NoTarget>(search.next(located.now, located.health)), NoTarget::all_tried);
}

TEST(TargetSearch, many_records_are_bounded) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += "_sip._udp.x.example SRV 0 1 " + std::to_string(i + 1) + " a.example\n";
    text += "x.example NAPTR 1 1 s SIP+D2U _sip._udp.x.example\n";
  }
  Zone zone(text + "a.example A 192.0.2.1");
  Located located;
  EXPECT_EQ(located.find("sip:x.example;transport=udp", zone).size(), dns::most_records);
  EXPECT_EQ(located.find("sip:x.example", zone).size(), dns::most_records * dns::most_records);
}

TEST(TargetSearch, a_target_that_failed_comes_last_for_a_while_and_then_one_tries_it) {
  Zone zone("x.example A 192.0.2.1\nx.example A 192.0.2.2");
  Located located;
  const auto find = [&] { return located.find("sip:x.example:5060", zone).front(); };
  const NetworkAddress first{*parse_ip_address("192.0.2.1"), 5060, Transport::udp};
  located.health.failed(located.now, first);
  EXPECT_EQ(find(), "udp 192.0.2.2:5060");
  located.now += 30s;
  EXPECT_EQ(find(), "udp 192.0.2.1:5060");
  located.health.tried(located.now, first);
  EXPECT_EQ(find(), "udp 192.0.2.2:5060");  // one tries it; the others do not wait for that one
  located.health.failed(located.now + 20s, first);
  located.now += 60s;
  EXPECT_EQ(find(), "udp 192.0.2.2:5060");  // for twice as long
  located.now += 21s;
  EXPECT_EQ(find(), "udp 192.0.2.1:5060");
  located.health.answered(first);
  EXPECT_EQ(located.health.size(), 0u);
}

TEST(TargetSearch, responses_go_where_sent_by_says) {
  Zone zone(
      "c.example A 192.0.2.1\n_sip._udp.c.example SRV 0 0 5070 d.example\n"
      "d.example A 192.0.2.2\n_sips._tcp.c.example SRV 0 0 5071 d.example");
  Located located;
  const auto find = [&](std::string_view transport, std::string_view host, std::uint16_t port) {
    Via via;
    via.transport = transport;
    via.host = host;
    via.port = port;
    return located.find(*destination_of(via), zone).front();
  };
  EXPECT_EQ(find("UDP", "192.0.2.9", 0), "udp 192.0.2.9:5060");
  EXPECT_EQ(find("TLS", "192.0.2.9", 0), "tls 192.0.2.9:5061");
  EXPECT_EQ(find("TCP", "192.0.2.9", 5099), "tcp 192.0.2.9:5099");
  EXPECT_EQ(find("UDP", "c.example", 5065), "udp 192.0.2.1:5065");
  EXPECT_EQ(find("UDP", "c.example", 0), "udp 192.0.2.2:5070");
  EXPECT_EQ(find("TLS", "c.example", 0), "tls 192.0.2.2:5071");
}

}  // namespace
}  // namespace sipring::test
