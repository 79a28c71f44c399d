// KnownTargets: the first targets of destinations that have been searched for before, so that a
// request to one of them needs no search. The servers are kept, and not which one was drawn: each
// request draws anew, by priority and weight (RFC 2782), among those that have not failed.
//
//   known.draw(now, destination, seed, health)   a Target, where one is known
//   known.learn(destination, search)             after each TargetSearch::take()
//
// It gives what a TargetSearch of the same seed would give first; the second target is for the
// search to find. What is kept lives as long as the shortest-lived answer that led to it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/routing/destination.h>
#include <sipring/core/routing/health.h>
#include <sipring/core/routing/target_search.h>
#include <sipring/core/time.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/detail/recently_used.h>
#include <sipring/pools/hash.h>

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>

namespace sipring {

struct KnownTargetsLimits {
  std::uint32_t destinations = 4'096;
  // Of their servers: up to four take 256 octets.
  std::size_t server_bytes = std::size_t{2} << 20;
};

// For searches of the same Capabilities.
class KnownTargets {
 public:
  KnownTargets(const KnownTargetsLimits& limits, const HashSeed& seed,
               std::pmr::memory_resource& memory);

  // nullopt: a search has to find one. A host that is spelled otherwise is another one.
  [[nodiscard]] std::optional<Target> draw(Instant now, const Destination& destination,
                                           std::uint64_t seed, const Health& health);
  void learn(const Destination& destination, const TargetSearch& search);

  void forget() {
    while (destinations_.make_room()) continue;
  }

  [[nodiscard]] std::uint32_t size() const { return destinations_.size(); }

 private:
  struct Server {
    NetworkAddress address;
    Instant until = Instant::min();  // of the address
    std::uint16_t priority = 0;
    std::uint16_t weight = 0;
  };
  struct Known {
    Instant until;  // of what led to the servers
    bool by_service = false;
    Ref<Buffer> octets;  // the servers

    [[nodiscard]] std::span<Server> servers() const;
  };

  [[nodiscard]] Hash128 key_of(const Destination& destination) const;
  [[nodiscard]] Known list(const TargetSearch::Way& way);

  HashSeed seed_;
  BufferPool buffers_;
  RecentlyUsed<Known> destinations_;
};

}  // namespace sipring
