// SPDX-License-Identifier: MIT
#include <sipring/core/routing/detail/known_targets.h>

#include <sipring/core/routing/detail/server_choice.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

namespace sipring {

std::span<KnownTargets::Server> KnownTargets::Known::servers() const {
  static_assert(sizeof(Buffer) % alignof(Server) == 0);
  Buffer& buffer = *octets;
  return {std::launder(reinterpret_cast<Server*>(buffer.data())), buffer.size() / sizeof(Server)};
}

KnownTargets::KnownTargets(const KnownTargetsLimits& limits, const HashSeed& seed,
                           std::pmr::memory_resource& memory)
    : seed_(seed),
      buffers_(limits.server_bytes, memory),
      destinations_(limits.destinations, memory) {}

// All of a Destination that a search looks at.
Hash128 KnownTargets::key_of(const Destination& destination) const {
  constexpr std::uint64_t no_transport = 0xff;
  const std::uint64_t transport =
      destination.transport ? std::to_underlying(*destination.transport) : no_transport;
  Hasher hasher(seed_);
  hasher.add(std::uint64_t{destination.port} << 16 | transport << 8 |
             static_cast<std::uint64_t>(destination.secure) << 1 |
             static_cast<std::uint64_t>(destination.uses_services));
  hasher.add(destination.host);
  return hasher.finish();
}

std::optional<Target> KnownTargets::draw(Instant now, const Destination& destination,
                                         std::uint64_t seed, const Health& health) {
  Known* const known = destinations_.find(key_of(destination));
  if (known == nullptr || now >= known->until) return std::nullopt;
  const std::span<const Server> servers = known->servers();
  SplitMix64 draws(seed);
  std::uint64_t taken = 0;
  while (const auto drawn = choose_server(servers, taken, draws)) {
    const Server& server = servers[*drawn];
    if (now >= server.until) return std::nullopt;
    if (!health.is_avoided(now, server.address)) {
      return Target{server.address, known->by_service, server.priority, server.weight};
    }
    taken |= std::uint64_t{1} << *drawn;
  }
  return std::nullopt;
}

void KnownTargets::learn(const Destination& destination, const TargetSearch& search) {
  const auto way = search.way();
  if (!way) return;
  const Hash128 key = key_of(destination);
  Known* known = destinations_.find(key);
  // The same answers expire at the same time.
  if (known == nullptr || known->until != way->servers_until) {
    Known listed = list(*way);
    if (!listed.octets) return;
    destinations_.put(key, std::move(listed));
    known = destinations_.find(key);
  }
  if (known == nullptr || way->server >= known->servers().size()) return;
  Server& server = known->servers()[way->server];
  server.address = way->address;
  server.until = way->address_until;
}

// Without addresses; a host without services is a list of one. `octets` is null when the pool is
// used up by what has been of more use.
KnownTargets::Known KnownTargets::list(const TargetSearch::Way& way) {
  const std::size_t count = std::max<std::size_t>(way.servers.size(), 1);
  Known known{.until = way.servers_until, .by_service = !way.servers.empty(), .octets = {}};
  do {
    known.octets = buffers_.acquire(count * sizeof(Server));
  } while (!known.octets && destinations_.make_room());
  if (!known.octets) return known;
  known.octets->resize(static_cast<std::uint32_t>(count * sizeof(Server)));
  auto* const servers = reinterpret_cast<Server*>(known.octets->data());
  for (std::size_t i = 0; i < count; ++i) std::construct_at(servers + i, Server{});
  for (std::size_t i = 0; i < way.servers.size(); ++i) {
    servers[i].priority = way.servers[i].priority;
    servers[i].weight = way.servers[i].weight;
  }
  return known;
}

}  // namespace sipring
