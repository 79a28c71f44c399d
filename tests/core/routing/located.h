// A search that is pulled to its end, with a resolver and a zone behind it, in virtual time.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/uri.h>
#include <sipring/core/routing/target_search.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "tests/core/dns/resolver_fixture.h"

namespace sipring::test {

inline std::string text_of(const NetworkAddress& address) {
  std::string text(to_string(address.transport));
  std::ranges::transform(text, text.begin(), [](unsigned char octet) {
    return static_cast<char>(std::tolower(octet));
  });
  return text + " " + std::string(to_text(address).view());
}

class Located : public ResolverFixture {
 public:
  using ResolverFixture::now;
  using ResolverFixture::ResolverFixture;
  void TestBody() override {}

  // Targets, and in the end the reason, where it is another than all_tried.
  std::vector<std::string> find(const Destination& destination, Zone& zone,
                                std::uint64_t seed = 1) {
    std::vector<std::string> found;
    TargetSearch search(destination, capabilities, seed);
    for (int steps = 0; steps < 100'000; ++steps) {
      const TargetSearch::Step step = search.next(now, health);
      if (const auto* query = std::get_if<TargetQuery>(&step)) {
        questions.push_back(std::string(query->name) + " " + std::string(to_string(query->type)));
        search.take(answer_to(*query, zone));
      } else if (const auto* target = std::get_if<Target>(&step)) {
        found.push_back(test::text_of(target->address));
      } else {
        const NoTarget reason = std::get<NoTarget>(step);
        if (reason != NoTarget::all_tried) found.emplace_back(to_string(reason));
        return found;
      }
    }
    return {"endless"};
  }

  dns::Answer answer_to(const TargetQuery& query, Zone& zone) {
    auto asked = resolver.ask(now, query.name, query.type, 1);
    if (query.prefetch) resolver.prefetch(now, query.name, *query.prefetch);
    if (auto* known = std::get_if<dns::Answer>(&asked)) return *known;
    std::optional<dns::Answer> answer;
    while (!answer) {
      std::optional<dns::ResolverOutput> output = resolver.next_output();
      if (!output) return {};
      if (auto* sent_query = std::get_if<dns::SendQuery>(&*output)) {
        resolver.receive(now, sent_query->question, sent_query->server,
                         zone.answer(sent_query->bytes->view()));
      } else if (auto* told = std::get_if<dns::Answered>(&*output)) {
        answer = told->answer;
      }
    }
    return *answer;
  }

  std::vector<std::string> find(std::string_view text, Zone& zone, std::uint64_t seed = 1) {
    const auto uri = parse_uri(text);
    if (!uri) return {"not_a_uri"};
    const auto destination = destination_of(*uri);
    if (!destination) return {std::string(to_string(destination.error()))};
    return find(*destination, zone, seed);
  }

  Health health{{}, {1, 2}, *std::pmr::new_delete_resource()};
  Capabilities capabilities{
      .transports = {Transport::udp, Transport::tcp, Transport::tls, Transport::ws, Transport::wss},
      .v4 = true,
      .v6 = true};
  std::vector<std::string> questions;
};

}  // namespace sipring::test
