// SPDX-License-Identifier: MIT
#include <sipring/core/dns/resolver.h>

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/core/dns/resolver_fixture.h"

namespace sipring::dns {
namespace {

using namespace std::chrono_literals;
using test::small_resolver;
using test::WireText;
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
  for (std::uint64_t user = 1; user <= 50; ++user)
    EXPECT_EQ(ask("a.example", RecordType::a, user), "waiting");
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
  drain();
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

TEST_F(Resolver, an_answer_from_elsewhere_or_to_another_question_is_refused) {
  Zone zone("a.example A 192.0.2.1\nb.example A 192.0.2.66");
  (void)ask("a.example");
  const Sent query = sent.front();
  const std::string right = zone.answer(query.octets);

  std::string other_id = right;
  other_id[0] = static_cast<char>(other_id[0] ^ 1);
  receive(query, other_id);
  std::string other_name = query.octets;
  other_name[13] = 'b';
  receive(query, zone.answer(other_name));
  std::string other_type = right;
  other_type[12 + 11 + 1] = 28;
  receive(query, other_type);
  receive(query, query.octets);  // no response
  receive(query, "");
  resolver.receive(now, query.question, test::dns_server(7), right);
  NetworkAddress other_port = query.server;
  other_port.port = 54;
  resolver.receive(now, query.question, other_port, right);
  drain();
  EXPECT_EQ(told_count, 0u);
  EXPECT_EQ(resolver.counters().refused, 7u);
  receive(query, right);
  EXPECT_EQ(answers[1], "records 192.0.2.1");
}

TEST_F(Resolver, records_of_other_names_are_not_believed) {
  (void)ask("a.example");
  const auto query = test::read_query(sent.front().octets);
  const std::string lie = WireText()
                              .u16(query.id)
                              .u16(0x8180)
                              .u16(1)
                              .u16(2)
                              .u16(0)
                              .u16(1)
                              .name("a.example")
                              .u16(1)
                              .u16(1)
                              .name("a.example")
                              .u16(1)
                              .u16(1)
                              .u32(60)
                              .u16(4)
                              .u32(0xc0000201)
                              .name("bank.example")
                              .u16(1)
                              .u16(1)
                              .u32(60)
                              .u16(4)
                              .u32(0xc0000242)
                              .name("other.example")
                              .u16(1)
                              .u16(1)
                              .u32(60)
                              .u16(4)
                              .u32(0xc0000243)
                              .octets;
  receive(sent.front(), lie);
  EXPECT_EQ(answers[1], "records 192.0.2.1");
  EXPECT_EQ(ask("bank.example"), "waiting");
  EXPECT_EQ(ask("other.example"), "waiting");
}

TEST_F(Resolver, aliases_are_followed_within_an_answer_and_beyond_it) {
  Zone zone("a.example 20 CNAME b.example\nb.example CNAME c.example\nc.example A 192.0.2.3");
  (void)ask("a.example");
  serve(zone);
  EXPECT_EQ(answers[1], "records 192.0.2.3");
  advance(20s);
  EXPECT_EQ(ask("a.example"), "waiting");  // the alias lives 20 s
  const auto query = test::read_query(sent.back().octets);
  receive(sent.back(), WireText()
                           .u16(query.id)
                           .u16(0x8180)
                           .u16(1)
                           .u16(1)
                           .u16(0)
                           .u16(0)
                           .name("a.example")
                           .u16(1)
                           .u16(1)
                           .name("a.example")
                           .u16(5)
                           .u16(1)
                           .u32(60)
                           .u16(11)
                           .name("c.example")
                           .octets);
  ASSERT_EQ(test::read_query(sent.back().octets).name, "c.example");
  answers.clear();
  sent.erase(sent.begin(), sent.end() - 1);
  serve(zone);
  EXPECT_EQ(answers[1], "records 192.0.2.3");
}

TEST_F(Resolver, aliases_that_go_in_circles_fail) {
  Zone zone("a.example CNAME b.example\nb.example CNAME a.example");
  (void)ask("a.example");
  serve(zone);
  EXPECT_EQ(answers[1], "failed");
  Zone self("a.example CNAME a.example");
  advance(2s);
  (void)ask("a.example", RecordType::a, 2);
  serve(self);
  EXPECT_EQ(answers[2], "failed");
}

TEST_F(Resolver, aliases_over_many_answers_come_to_an_end_too) {
  (void)ask("n0.example");
  int queries = 0;
  for (; !sent.empty() && queries < 100; ++queries) {
    const Sent query = sent.front();
    sent.clear();
    const auto asked = test::read_query(query.octets);
    const std::string next = "n" + std::to_string(queries + 1) + ".example";
    const std::string data = WireText().name(next).octets;
    receive(query, WireText()
                           .u16(asked.id)
                           .u16(0x8180)
                           .u16(1)
                           .u16(1)
                           .u16(0)
                           .u16(0)
                           .name(asked.name)
                           .u16(1)
                           .u16(1)
                           .name(asked.name)
                           .u16(5)
                           .u16(1)
                           .u32(60)
                           .u16(static_cast<unsigned>(data.size()))
                           .octets +
                       data);
  }
  EXPECT_EQ(answers[1], "failed");
  EXPECT_LE(queries, 1 + static_cast<int>(most_aliases));
}

TEST_F(Resolver, what_is_truncated_is_asked_again_by_tcp_with_another_id) {
  Zone zone("a.example A 192.0.2.1");
  (void)ask("a.example");
  const Sent by_udp = sent.front();
  std::string truncated = zone.answer(by_udp.octets);
  truncated[2] = static_cast<char>(truncated[2] | 2);
  sent.clear();
  receive(by_udp, truncated);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent.front().server.transport, Transport::tcp);
  EXPECT_EQ(sent.front().server.port, 53);
  EXPECT_NE(test::read_query(sent.front().octets).id, test::read_query(by_udp.octets).id);
  serve(zone);
  EXPECT_EQ(answers[1], "records 192.0.2.1");
  EXPECT_EQ(resolver.counters().by_tcp, 1u);
}

TEST_F(Resolver, a_server_without_edns_is_asked_without) {
  Zone zone("a.example A 192.0.2.1");
  (void)ask("a.example");
  const auto query = test::read_query(sent.front().octets);
  const std::size_t with_edns = sent.front().octets.size();
  const Sent first = sent.front();
  sent.clear();
  receive(first, WireText().u16(query.id).u16(0x8181).u16(0).u16(0).u16(0).u16(0).octets);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent.front().octets.size(), with_edns - 11);
  serve(zone);
  EXPECT_EQ(answers[1], "records 192.0.2.1");
}

TEST_F(Resolver, silent_servers_are_asked_again_for_longer_and_then_it_fails) {
  (void)ask("a.example");
  EXPECT_EQ(sent.size(), 1u);
  advance(510ms);
  EXPECT_EQ(sent.size(), 2u);
  advance(1010ms);
  EXPECT_EQ(sent.size(), 3u);
  advance(2010ms);
  EXPECT_EQ(sent.size(), 4u);
  advance(4s);
  EXPECT_EQ(answers[1], "failed");
  EXPECT_EQ(ask("a.example"), "failed");  // for a second nobody is asked again
  advance(1s);
  EXPECT_EQ(ask("a.example"), "waiting");
  EXPECT_EQ(resolver.counters().timeouts, 4u);
}

TEST_F(Resolver, an_answer_that_comes_late_is_nobodys) {
  Zone zone("a.example A 192.0.2.1");
  (void)ask("a.example");
  const Sent late = sent.front();
  advance(600ms);  // another query is out, with another id
  receive(late, zone.answer(late.octets));
  EXPECT_EQ(told_count, 0u);
  sent.erase(sent.begin());
  serve(zone);
  EXPECT_EQ(answers[1], "records 192.0.2.1");
  receive(late, zone.answer(late.octets));  // its question is gone
  EXPECT_EQ(told_count, 1u);
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

class ResolverOfTwo : public test::ResolverFixture {
 protected:
  ResolverOfTwo() : ResolverFixture(small_resolver(2)) {}
};

TEST_F(ResolverOfTwo, a_server_that_is_silent_is_learned_and_asked_last) {
  Zone zone("a.example A 192.0.2.1\nb.example A 192.0.2.2\nc.example A 192.0.2.3");
  (void)ask("a.example");
  EXPECT_EQ(sent.front().server, test::dns_server(0));
  sent.clear();
  advance(510ms);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent.front().server, test::dns_server(1));
  serve(zone);
  EXPECT_EQ(answers[1], "records 192.0.2.1");
  (void)ask("b.example");
  EXPECT_EQ(sent.front().server, test::dns_server(1));  // no time-out for this one
  serve(zone);
  advance(30s);  // one question tries the first again, the next does not wait for it
  (void)ask("c.example", RecordType::a, 3);
  (void)ask("d.example", RecordType::a, 4);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].server, test::dns_server(0));
  EXPECT_EQ(sent[1].server, test::dns_server(1));
  serve(zone);
  (void)ask("e.example", RecordType::a, 5);
  EXPECT_EQ(sent.front().server, test::dns_server(0));  // it is back
}

TEST_F(ResolverOfTwo, a_server_that_cannot_answer_is_passed_over_without_waiting) {
  Zone broken("a.example FAIL");
  Zone zone("a.example A 192.0.2.1");
  (void)ask("a.example");
  const Sent first = sent.front();
  sent.clear();
  receive(first, broken.answer(first.octets));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent.front().server, test::dns_server(1));
  const Sent second = sent.front();
  sent.clear();
  receive(second, broken.answer(second.octets));
  EXPECT_EQ(answers[1], "failed");  // both have said so: there is nothing to wait for
  EXPECT_EQ(resolver.counters().server_errors, 2u);
}

TEST_F(ResolverOfTwo, a_server_that_is_not_there_is_passed_over_without_waiting) {
  (void)ask("a.example");
  resolver.failed(now, sent.front().question);
  drain();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent.back().server, test::dns_server(1));
}

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

class ResolverOfNothing : public test::ResolverFixture {
 protected:
  ResolverOfNothing() : ResolverFixture(small_resolver(0)) {}
};

TEST_F(ResolverOfNothing, fails_at_once) {
  EXPECT_EQ(ask("a.example"), "failed");
  EXPECT_EQ(ask("localhost"), "records 127.0.0.1");
}

// 10,000 names, a fifth of all packets lost either way: nobody waits for another's answer.
TEST(ResolverUnderLoad, a_lost_packet_delays_its_own_question_alone) {
  class Crowd : public test::ResolverFixture {
   public:
    static ResolverSettings settings() {
      ResolverSettings settings = small_resolver();
      settings.limits = {.questions = 4'096,
                         .at_once = 512,
                         .waiters = 4'096,
                         .cached = 4'096,
                         .record_bytes = std::size_t{8} << 20};
      return settings;
    }
    Crowd() : ResolverFixture(settings()) {}
    void TestBody() override {
      std::uint64_t random = 1;
      const auto lost = [&] {
        random = random * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
        return (random >> 33) % 5 == 0;
      };
      std::map<std::uint64_t, Instant> began;
      Duration worst_of_the_lucky{};
      std::uint64_t lucky = 0;
      std::map<std::uint64_t, int> queries;
      for (std::uint64_t call = 1; call <= 10'000; ++call) {
        began[call] = now;
        (void)ask("n" + std::to_string(call) + ".example", RecordType::a, call);
        advance(1ms);
        for (const Sent& query : std::exchange(sent, {})) {
          const std::uint64_t whose = std::stoul(test::read_query(query.octets).name.substr(1));
          ++queries[whose];
          if (lost() || lost()) continue;
          Zone zone(test::read_query(query.octets).name + " A 192.0.2.1");
          receive(query, zone.answer(query.octets));
          if (queries[whose] != 1 || answers.count(whose) == 0) continue;
          ++lucky;
          worst_of_the_lucky = std::max(worst_of_the_lucky, now - began[whose]);
        }
      }
      EXPECT_GT(lucky, 6'000u);
      EXPECT_LE(worst_of_the_lucky, 2ms);
    }
  };
  Crowd().TestBody();
}

}  // namespace
}  // namespace sipring::dns
