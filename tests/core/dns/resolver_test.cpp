// SPDX-License-Identifier: MIT
#include <sipring/core/dns/resolver.h>

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/core/dns/resolver_fixture.h"

namespace sipring::dns {
namespace {

using namespace std::chrono_literals;
using test::Zone;

class Resolver : public test::ResolverFixture {
 protected:
  using ResolverFixture::ResolverFixture;
};

TEST_F(Resolver, asks_once_and_then_knows_for_the_time_to_live) {
  Zone zone("a.example 30 A 192.0.2.1\na.example 90 A 192.0.2.2");
  EXPECT_EQ(ask("A.example"), "waiting");
  serve(zone);
  EXPECT_EQ(answers[1], "records 192.0.2.1 192.0.2.2");
  EXPECT_EQ(ask("a.example"), "records 192.0.2.1 192.0.2.2");
  advance(29s);
  EXPECT_EQ(ask("a.example"), "records 192.0.2.1 192.0.2.2");
  advance(1s);  // the shorter one
  EXPECT_EQ(ask("a.example"), "waiting");
  EXPECT_EQ(zone.asked["a.example A"], 1);
}

TEST_F(Resolver, one_query_is_on_its_way_however_many_ask) {
  Zone zone("a.example A 192.0.2.1");
  for (std::uint64_t attached = 1; attached <= 50; ++attached)
    EXPECT_EQ(ask("a.example", RecordType::a, attached), "waiting");
  EXPECT_EQ(sent.size(), 1u);
  serve(zone);
  EXPECT_EQ(told_count, 50u);
  EXPECT_EQ(answers[50], "records 192.0.2.1");
  EXPECT_EQ(resolver.counters().merged, 49u);
}

TEST_F(Resolver, who_does_not_wait_any_longer_is_not_told) {
  Zone zone("a.example A 192.0.2.1");
  (void)ask("a.example", RecordType::a, 1);
  const auto first = waiter;
  (void)ask("a.example", RecordType::a, 2);
  resolver.forget(first);
  resolver.forget(first);
  serve(zone);
  EXPECT_EQ(told_count, 1u);
  EXPECT_EQ(answers.count(1), 0u);
}

TEST_F(Resolver, what_does_not_exist_is_kept_as_long_as_the_zone_says) {
  Zone zone("a.example AAAA 2001:db8::1");
  zone.negative_ttl = 20;
  (void)ask("a.example");
  serve(zone);
  EXPECT_EQ(answers[1], "no_data");
  (void)ask("b.example", RecordType::a, 2);
  serve(zone);
  EXPECT_EQ(answers[2], "no_name");
  advance(19s);
  EXPECT_EQ(ask("a.example"), "no_data");
  EXPECT_EQ(ask("b.example"), "no_name");
  advance(1s);
  EXPECT_EQ(ask("b.example"), "waiting");
}

TEST_F(Resolver, what_is_prefetched_is_asked_at_once_though_nobody_waits) {
  Zone zone("a.example A 192.0.2.1\na.example AAAA 2001:db8::1");
  resolver.prefetch(now, "a.example", RecordType::aaaa);
  EXPECT_EQ(ask("a.example"), "waiting");
  EXPECT_EQ(sent.size(), 2u);
  serve(zone);
  EXPECT_EQ(told_count, 1u);
  EXPECT_EQ(ask("a.example", RecordType::aaaa), "records 2001:db8::1");
  EXPECT_EQ(resolver.counters().queries, 2u);
  EXPECT_EQ(resolver.questions(), 0u);
}

TEST_F(Resolver, whoever_asks_for_what_is_being_prefetched_joins_it) {
  Zone zone("a.example A 192.0.2.1");
  resolver.prefetch(now, "a.example", RecordType::a);
  take_outputs();
  EXPECT_EQ(ask("a.example"), "waiting");
  EXPECT_EQ(sent.size(), 1u);
  serve(zone);
  EXPECT_EQ(answers[1], "records 192.0.2.1");
  EXPECT_EQ(zone.asked["a.example A"], 1);
}

TEST_F(Resolver, ids_are_drawn_anew_and_sockets_are_ended) {
  std::set<unsigned> ids;
  Zone zone("");
  for (int i = 0; i < 200; ++i) {
    (void)ask("n" + std::to_string(i) + ".example");
    ids.insert(test::read_query(sent.front().octets).id);
    serve(zone);
  }
  EXPECT_GT(ids.size(), 195u);
  EXPECT_TRUE(open.empty());
  EXPECT_EQ(resolver.questions(), 0u);
}

TEST_F(Resolver, an_expired_answer_serves_while_no_server_answers) {
  Zone zone("a.example 10 A 192.0.2.1");
  (void)ask("a.example");
  serve(zone);
  advance(11s);
  (void)ask("a.example", RecordType::a, 2);
  sent.clear();
  advance(10s);
  EXPECT_EQ(answers[2], "records 192.0.2.1");
  EXPECT_TRUE(stale[2]);
  EXPECT_EQ(ask("a.example"), "records 192.0.2.1");  // and for 30 s nobody is asked
  advance(31s);
  sent.clear();
  (void)ask("a.example", RecordType::a, 3);
  serve(zone);
  EXPECT_FALSE(stale[3]);
  advance(11s + 1h);
  sent.clear();
  (void)ask("a.example", RecordType::a, 4);
  advance(10s);
  EXPECT_EQ(answers[4], "failed");  // too old by now
}

TEST_F(Resolver, a_time_to_live_of_zero_is_for_those_who_have_asked) {
  Zone zone("a.example 0 A 192.0.2.1");
  (void)ask("a.example", RecordType::a, 1);
  (void)ask("a.example", RecordType::a, 2);
  serve(zone);
  EXPECT_EQ(told_count, 2u);
  EXPECT_EQ(ask("a.example"), "waiting");
}

TEST_F(Resolver, questions_that_are_too_many_wait_and_then_are_refused) {
  Zone zone("");
  for (std::uint64_t i = 0; i < 64; ++i)
    EXPECT_EQ(ask("n" + std::to_string(i) + ".example", RecordType::a, i), "waiting");
  EXPECT_EQ(sent.size(), 16u);  // at_once
  EXPECT_EQ(ask("one.more.example"), "failed");
  EXPECT_EQ(resolver.counters().full, 1u);
  serve(zone);
  EXPECT_EQ(told_count, 64u);
  EXPECT_EQ(resolver.questions(), 0u);
}

TEST_F(Resolver, the_cache_has_a_bound_and_forgets_what_was_of_no_use_for_longest) {
  std::string text = "keep.example A 192.0.2.1\n";
  for (int i = 0; i < 200; ++i) text += "n" + std::to_string(i) + ".example A 192.0.2.2\n";
  Zone zone(text);
  (void)ask("keep.example");
  serve(zone);
  for (int i = 0; i < 200; ++i) {
    (void)ask("n" + std::to_string(i) + ".example");
    serve(zone);
    EXPECT_EQ(ask("keep.example"), "records 192.0.2.1");
  }
  EXPECT_EQ(resolver.cached(), 64u);
  EXPECT_EQ(zone.asked["keep.example A"], 1);
  EXPECT_EQ(ask("n0.example"), "waiting");
}

TEST_F(Resolver, what_is_no_name_is_not_asked) {
  EXPECT_EQ(ask("a..b"), "no_name");
  EXPECT_EQ(ask(std::string(300, 'a')), "no_name");
  EXPECT_TRUE(sent.empty());
}

}  // namespace
}  // namespace sipring::dns
