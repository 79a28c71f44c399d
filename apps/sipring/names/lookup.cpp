// SPDX-License-Identifier: MIT
#include <names/lookup.h>

#include "listen_address.h"

#include <sipring/io/clock.h>

#include <memory_resource>
#include <random>
#include <variant>

namespace sipring::app {
namespace {

// One question at a time, and a name of a command line has few answers.
constexpr dns::ResolverLimits small_limits{.questions = 16,
                                           .at_once = 16,
                                           .waiters = 16,
                                           .cached = 256,
                                           .record_bytes = std::size_t{4} << 20};
constexpr std::size_t most_targets = 256;  // shown, or tried

Entropy device_entropy() {
  std::random_device device;
  Entropy entropy;
  for (std::uint64_t& word : entropy.words) {
    word = std::uint64_t{device()} << 32 | device();
  }
  return entropy;
}

NameServers name_servers_of(const std::optional<NetworkAddress>& server) {
  SystemNames names = system_names();
  names.settings.limits = small_limits;
  if (server) names.settings.servers = {*server};
  return {names.settings, names.hosts, device_entropy(), *std::pmr::new_delete_resource()};
}

}  // namespace

std::expected<std::optional<NetworkAddress>, std::string> name_server_of(const std::string& dns) {
  if (dns.empty()) return std::nullopt;
  auto server = parse_host_and_port(dns);
  if (!server) return std::unexpected("--dns " + server.error());
  server->transport = Transport::udp;
  return *server;
}

Lookup::Lookup(const LookupOptions& options)
    : options_(options),
      servers_(name_servers_of(options.server)),
      health_({}, {}, *std::pmr::new_delete_resource()) {}

Lookup::Found Lookup::find(const Destination& destination, const Watch& watch) {
  Found found;
  TargetSearch search(destination, options_.capabilities, options_.seed);
  while (true) {
    const TargetSearch::Step step = search.next(read_clock(), health_);
    if (const auto* end = std::get_if<NoTarget>(&step)) {
      found.end = *end;
      return found;
    }
    if (const auto* target = std::get_if<sipring::Target>(&step)) {
      found.targets.push_back(*target);
      if (found.targets.size() == most_targets) return found;
      continue;
    }
    const TargetQuery& query = std::get<TargetQuery>(step);
    const dns::Answer answer = ask(query);
    if (watch) watch(query, answer);
    search.take(answer);
  }
}

dns::Answer Lookup::ask(const TargetQuery& query) {
  dns::Resolver& resolver = servers_.resolver();
  const Instant now = read_clock();
  const auto asked = resolver.ask(now, query.name, query.type, 0);
  if (query.prefetch) resolver.prefetch(now, query.name, *query.prefetch);
  if (const auto* known = std::get_if<dns::Answer>(&asked)) return *known;
  const auto answered = servers_.wait();
  return answered ? answered->answer : dns::Answer{};
}

}  // namespace sipring::app
