// What a resolver believes of an answer, and where aliases lead.
// SPDX-License-Identifier: MIT
#include <sipring/core/dns/resolver.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/dns/resolver_fixture.h"

namespace sipring::dns {
namespace {

using namespace std::chrono_literals;
using test::WireText;
using test::Zone;

class ResolverAnswers : public test::ResolverFixture {
 protected:
  using ResolverFixture::ResolverFixture;
};

TEST_F(ResolverAnswers, an_answer_from_elsewhere_or_to_another_question_is_refused) {
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
  take_outputs();
  EXPECT_EQ(told_count, 0u);
  EXPECT_EQ(resolver.counters().refused, 7u);
  receive(query, right);
  EXPECT_EQ(answers[1], "records 192.0.2.1");
}

TEST_F(ResolverAnswers, records_of_other_names_are_not_believed) {
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

TEST_F(ResolverAnswers, aliases_are_followed_within_an_answer_and_beyond_it) {
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

TEST_F(ResolverAnswers, aliases_that_go_in_circles_fail) {
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

TEST_F(ResolverAnswers, aliases_over_many_answers_come_to_an_end_too) {
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

}  // namespace
}  // namespace sipring::dns
