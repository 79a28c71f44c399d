// Servers that truncate, lack EDNS, are silent or are not there.
// SPDX-License-Identifier: MIT
#include <sipring/core/dns/resolver.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/dns/resolver_fixture.h"

namespace sipring::dns {
namespace {

using namespace std::chrono_literals;
using test::small_resolver;
using test::WireText;
using test::Zone;

class ResolverServers : public test::ResolverFixture {
 protected:
  using ResolverFixture::ResolverFixture;
};

TEST_F(ResolverServers, what_is_truncated_is_asked_again_by_tcp_with_another_id) {
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

TEST_F(ResolverServers, a_server_without_edns_is_asked_without) {
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

TEST_F(ResolverServers, silent_servers_are_asked_again_for_longer_and_then_it_fails) {
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

TEST_F(ResolverServers, an_answer_that_comes_late_is_nobodys) {
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
  take_outputs();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent.back().server, test::dns_server(1));
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
