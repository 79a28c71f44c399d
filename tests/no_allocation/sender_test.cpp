// A request to a name whose answers are cached: from the URI to the wire, and to the next target
// when the first one says 503.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri.h>
#include <sipring/core/sending/sender.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

#include "tests/core/dns/zone.h"
#include "tests/no_allocation/allocations.h"

namespace sipring::test {
namespace {

class SendingByName : public ::testing::Test {
 protected:
  static dns::ResolverSettings resolver_settings() {
    dns::ResolverSettings settings;
    settings.servers = {{*parse_ip_address("192.0.2.53"), 53, Transport::udp}};
    settings.limits = {.questions = 16,
                       .at_once = 16,
                       .waiters = 16,
                       .cached = 64,
                       .record_bytes = std::size_t{4} << 20};
    return settings;
  }
  static Settings engine_settings() {
    Settings settings;
    settings.limits.transactions = 64;
    return settings;
  }
  static SenderSettings sender_settings() {
    SenderSettings settings;
    settings.origins.push_back({.sent_by = "192.0.2.200:5060"});
    settings.sendings = 64;
    settings.kept_bytes = std::size_t{4} << 20;
    return settings;
  }

  bool send() {
    static constexpr HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                             {"To", "<sip:bob@example.com>"},
                                             {"Call-ID", "c1"},
                                             {"CSeq", "1 OPTIONS"}};
    const auto destination = destination_of(*parse_uri("sip:bob@example.com"));
    return sender
        .send(now, *destination,
              {.method = "OPTIONS", .request_uri = "sip:bob@example.com", .headers = headers}, 1)
        .has_value();
  }
  // How many messages have gone out.
  int take_outputs() {
    int sent = 0;
    while (auto output = engine.next_output()) {
      sent += static_cast<int>(std::holds_alternative<Transmit>(*output));
      (void)sender.take(now, *output);
    }
    return sent;
  }
  void answer_questions() {
    while (auto output = resolver.next_output()) {
      if (auto* query = std::get_if<dns::SendQuery>(&*output)) {
        const std::string answer = zone.answer(query->bytes->view());
        resolver.receive(now, query->question, query->server, answer);
      } else if (auto* told = std::get_if<dns::Answered>(&*output)) {
        sender.take(now, *told);
      }
    }
  }

  Instant now{std::chrono::hours(1)};
  std::pmr::memory_resource& memory = *std::pmr::new_delete_resource();
  Engine engine{engine_settings(), Entropy{{1, 2, 3, 4}}, memory};
  dns::Resolver resolver{resolver_settings(), "", Entropy{{1, 2, 3, 4}}, memory};
  Health health{{}, {1, 2}, memory};
  Sender sender{sender_settings(), {engine, resolver, health}, 1, memory};
  Zone zone{
      "example.com NAPTR 1 1 s SIP+D2U _sip._udp.example.com\n"
      "_sip._udp.example.com SRV 1 1 5060 a.example.com\n"
      "_sip._udp.example.com SRV 1 1 5060 b.example.com\n"
      "a.example.com A 192.0.2.1\nb.example.com A 192.0.2.2"};
};

TEST_F(SendingByName, to_a_name_that_is_cached_allocates_nothing) {
  for (int i = 0; i < 8; ++i) {  // both servers' addresses are asked for by then
    ASSERT_TRUE(send());
    answer_questions();
    ASSERT_EQ(take_outputs(), 1);
  }
  ASSERT_EQ(resolver.counters().queries, 4u);
  const std::uint64_t known = sender.counters().known;
  const std::size_t before = allocations();
  bool sent = true;
  int messages = 0;
  for (int i = 0; i < 16; ++i) {
    sent = sent && send();
    messages += take_outputs();
  }
  EXPECT_EQ(allocations() - before, 0u);
  EXPECT_TRUE(sent);
  EXPECT_EQ(messages, 16);
  EXPECT_EQ(sender.counters().known - known, 16u);  // without a search
  EXPECT_EQ(resolver.counters().queries, 4u);
}

}  // namespace
}  // namespace sipring::test
