// 10,000 names at 1,000 calls a second, and a name server that loses every fifth datagram: what a
// call waits for is its own answers. In virtual time.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri.h>
#include <sipring/core/sending/sender.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory_resource>
#include <string>
#include <variant>
#include <vector>

#include "tests/core/dns/zone.h"
#include "tests/support/engine_client_fixture.h"

namespace sipring::test {
namespace {

using namespace std::chrono_literals;

constexpr int calls = 10'000;
constexpr Duration gap = 1ms;
constexpr Duration one_way = 5ms;  // to the name server, and back

class DnsUnderLoad : public ::testing::Test {
 protected:
  static Settings engine_settings() {
    Settings settings;
    settings.limits.transactions = 32'768;
    return settings;
  }
  static dns::ResolverSettings resolver_settings() {
    dns::ResolverSettings settings;
    settings.servers = {{*parse_ip_address("192.0.2.53"), 53, Transport::udp}};
    return settings;
  }
  static SenderSettings sender_settings() {
    SenderSettings settings;
    settings.origins.push_back({.sent_by = "192.0.2.200:5060"});
    return settings;
  }
  struct Question {
    Handle<dns::Question> question;
    NetworkAddress server;
    std::string octets;
  };
  struct Call {
    Instant began, sent = never;
    Duration own{};  // what its own questions took
    bool ended = false;
  };
  struct Told : EngineClientFixture {
    using EngineClientFixture::response_to;
    void TestBody() override {}
  };

  static std::string name_of(int number) { return "n" + std::to_string(number) + ".example"; }
  // "_sip._udp.n17.example", "n17.example", "h17.example"
  static std::size_t number_of(std::string_view name) {
    const std::string_view host = name.starts_with('_') ? name.substr(10) : name;
    return static_cast<std::size_t>(std::stoi(std::string(host.substr(1))));
  }
  static std::string answer(std::string_view query) {
    const WireQuery asked = read_query(query);
    const std::string host = "h" + std::to_string(number_of(asked.name)) + ".example";
    const std::string data = asked.type == wire_srv
                                 ? WireText().u16(1).u16(0).u16(5060).name(host).octets
                                 : std::string("\xc0\0\2\1", 4);
    WireText text;
    text.u16(asked.id).u16(0x8180).u16(1).u16(1).u16(0).u16(0);
    text.name(asked.name).u16(asked.type).u16(1);
    text.name(asked.name).u16(asked.type).u16(1).u32(300);
    text.u16(static_cast<unsigned>(data.size()));
    return text.octets + data;
  }

  void call(int number) {
    const std::string call_id = "c" + std::to_string(number);
    const HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                  {"To", "<sip:bob@example.com>"},
                                  {"Call-ID", call_id},
                                  {"CSeq", "1 OPTIONS"}};
    const std::string text = "sip:" + name_of(number) + ";transport=udp";
    const auto uri = parse_uri(text);
    all[static_cast<std::size_t>(number)].began = now;
    ASSERT_TRUE(sender
                    .send(now, *destination_of(*uri),
                          {.method = "OPTIONS", .request_uri = "sip:b", .headers = headers},
                          static_cast<std::uint64_t>(number) + 1)
                    .has_value());
    settle();
  }

  void ask(const dns::SendQuery& query) {
    const std::string octets(query.bytes->view());
    const WireQuery asked = read_query(octets);
    Call& of = all[number_of(asked.name)];
    const int tries = ++asked_[asked.name + std::to_string(asked.type)];
    const bool is_lost = draws.up_to(99) < 20;
    lost += static_cast<int>(is_lost);
    of.own += is_lost ? 500ms * (1 << (tries - 1)) : 2 * one_way;
    if (!is_lost)
      answers.emplace(now + 2 * one_way, Question{query.question, query.server, octets});
  }

  void settle() {
    for (bool any = true; any;) {
      any = false;
      while (auto output = resolver.next_output()) {
        any = true;
        if (auto* query = std::get_if<dns::SendQuery>(&*output)) ask(*query);
        if (auto* told = std::get_if<dns::Answered>(&*output)) sender.take(now, *told);
      }
      while (auto output = engine.next_output()) {
        any = true;
        take(*output);
      }
      while (auto ended = sender.next_ended()) {
        any = true;
        EXPECT_EQ(ended->reason, NoTarget::no_answer);
        all[ended->attached - 1].ended = true;
      }
      for (const std::string& response : std::exchange(responses, {})) {
        any = true;
        const PaddedText padded(response);
        engine.receive(
            now, {padded.view(), {*parse_ip_address("192.0.2.1"), 5060, Transport::udp}, Flow{}});
        while (auto output = engine.next_output()) take(*output);
      }
    }
  }

  void take(Output& output) {
    if (const auto* octets = std::get_if<Transmit>(&output)) {
      const std::string text(octets->bytes->view());
      const std::string id = header_of(text, "Call-ID").substr(1);
      Call& of = all[static_cast<std::size_t>(std::stoi(id))];
      if (of.sent == never) of.sent = now;
      responses.push_back(Told::response_to(text, "200 OK"));
      return;
    }
    (void)sender.take(now, output);
  }

  // All that is due until then.
  void run_until(Instant end) {
    while (true) {
      const Instant due = std::min({engine.next_deadline(), resolver.next_deadline(),
                                    answers.empty() ? never : answers.begin()->first});
      if (due > end) break;
      now = std::max(now, due);
      while (!answers.empty() && answers.begin()->first <= now) {
        const Question question = std::move(answers.begin()->second);
        answers.erase(answers.begin());
        resolver.receive(now, question.question, question.server, answer(question.octets));
        settle();
      }
      engine.advance(now);
      resolver.advance(now);
      settle();
    }
    now = end;
  }

  std::pmr::memory_resource& memory = *std::pmr::new_delete_resource();
  Engine engine{engine_settings(), Entropy{{1, 2, 3, 4}}, memory};
  dns::Resolver resolver{resolver_settings(), "", Entropy{{1, 2, 3, 4}}, memory};
  Health health{{}, {1, 2}, memory};
  Sender sender{sender_settings(), {engine, resolver, health}, 1, memory};
  Instant now{1h};
  SplitMix64 draws{7};
  std::vector<Call> all{calls};
  std::multimap<Instant, Question> answers;  // on their way
  std::map<std::string, int> asked_;
  std::vector<std::string> responses;
  int lost = 0;
};

TEST_F(DnsUnderLoad, no_call_waits_for_anothers_answer) {
  const Instant start = now;
  for (int i = 0; i < calls; ++i) {
    run_until(start + i * gap);
    call(i);
  }
  run_until(now + 60s);
  EXPECT_NEAR(lost, 5'000, 500);  // two questions a call, and those that were lost again
  int failed = 0;
  for (const Call& one : all) {
    failed += static_cast<int>(one.ended);
    if (one.ended) continue;
    ASSERT_NE(one.sent, never);
    // Timers have a grain.
    EXPECT_LE(one.sent - one.began, one.own + 20ms);
  }
  EXPECT_LT(failed, calls / 100);  // all four queries of a question lost: 0.2 ^ 4 of them
  EXPECT_EQ(resolver.counters().full, 0u);
  EXPECT_EQ(resolver.questions(), 0u);
  EXPECT_EQ(sender.sendings(), 0u);
}

}  // namespace
}  // namespace sipring::test
