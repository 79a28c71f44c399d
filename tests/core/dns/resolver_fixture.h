// A resolver in virtual time, and name servers that can be told how to behave.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/resolver.h>

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "tests/core/dns/zone.h"

namespace sipring::test {

inline NetworkAddress dns_server(int number) {
  return {*parse_ip_address("192.0.2." + std::to_string(50 + number)), 53, Transport::udp};
}

inline dns::ResolverSettings small_resolver(int servers = 1) {
  dns::ResolverSettings settings;
  for (int i = 0; i < servers; ++i) settings.servers.push_back(dns_server(i));
  settings.limits = {.questions = 64,
                     .at_once = 16,
                     .waiters = 128,
                     .cached = 64,
                     .record_bytes = std::size_t{4} << 20};
  return settings;
}

class ResolverFixture : public ::testing::Test {
 protected:
  explicit ResolverFixture(const dns::ResolverSettings& settings = small_resolver(),
                           std::string_view hosts = "")
      : resolver(settings, hosts, Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource()) {}

  struct Sent {
    Handle<dns::Question> question;
    NetworkAddress server;
    std::string octets;  // without the length that TCP has in front
  };

  // "records a b", "no_data", "waiting".
  std::string ask(std::string_view name, dns::RecordType type = dns::RecordType::a,
                  std::uint64_t attached = 1) {
    auto asked = resolver.ask(now, name, type, attached);
    const auto* known = std::get_if<dns::Answer>(&asked);
    if (known != nullptr) return answer_text(*known);
    waiter = std::get<Handle<dns::Waiter>>(asked);
    take_outputs();
    return "waiting";
  }

  void take_outputs() {
    while (std::optional<dns::ResolverOutput> output = resolver.next_output()) {
      if (auto* query = std::get_if<dns::SendQuery>(&*output)) {
        std::string octets(query->bytes->view());
        const bool by_tcp = query->server.transport == Transport::tcp;
        if (by_tcp) octets.erase(0, 2);
        sent.push_back({query->question, query->server, octets});
        open[query->question.slot] = query->question;
      } else if (auto* end = std::get_if<dns::EndQuery>(&*output)) {
        open.erase(end->question.slot);
      } else {
        const auto& told = std::get<dns::Answered>(*output);
        answers[told.attached] = answer_text(told.answer);
        stale[told.attached] = told.answer.is_stale(now);
        ++told_count;
      }
    }
  }

  void receive(const Sent& query, const std::string& octets) {
    resolver.receive(now, query.question, query.server, octets);
    take_outputs();
  }
  // All queries that are out are answered from the zone, and those that come of it.
  void serve(Zone& zone) {
    while (!sent.empty()) {
      const Sent query = sent.front();
      sent.erase(sent.begin());
      receive(query, zone.answer(query.octets));
    }
  }
  void advance(Duration by) {
    const Instant until = now + by;
    while (resolver.next_deadline() <= until) {
      now = std::max(now, resolver.next_deadline());
      resolver.advance(now);
      take_outputs();
    }
    now = until;
  }

  static std::string answer_text(const dns::Answer& answer) {
    std::string text(to_string(answer.outcome));
    for (const dns::Record& record : answer.records)
      text += " " + (record.target.empty() ? std::string(to_text(record.address).view())
                                           : std::string(record.target));
    return text;
  }

  dns::Resolver resolver;
  Instant now{std::chrono::hours(1)};
  std::vector<Sent> sent;
  std::map<std::uint32_t, Handle<dns::Question>> open;  // sockets
  std::map<std::uint64_t, std::string> answers;
  std::map<std::uint64_t, bool> stale;
  std::size_t told_count = 0;
  Handle<dns::Waiter> waiter;
};

}  // namespace sipring::test
