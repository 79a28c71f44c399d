// KeepAlives: the flows of a shard that are kept alive, each for as long as somebody wants it: a
// registration or a dialog for which that was agreed on (RFC 5626 section 4.4, RFC 6223 section 4).
//
//   const KeepAliveTerms terms = keep_alive_terms(response);
//   kept = keep_alives.hold(now, {received.flow, received.source}, terms);
//   ...
//   keep_alives.release(kept);
//
// Pings are sent by whoever asks next_due(): the shard. A connection whose pong does not come is
// closed; by UDP nobody knows (detail/keep_alive.h).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/entropy.h>
#include <sipring/core/outbound/detail/keep_alive.h>
#include <sipring/core/outbound/flow_token.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/pools/hash.h>
#include <sipring/pools/pool.h>
#include <sipring/pools/random.h>
#include <sipring/pools/table.h>

#include <cstdint>
#include <memory_resource>
#include <optional>

namespace sipring {

struct KeptFlow {
  PeerFlow flow;
  KeepAlive keep_alive;
  std::uint32_t users = 1;
};

class KeepAlives {
 public:
  // `flows`: at once, those of one listener to several peers count as several.
  KeepAlives(std::uint32_t flows, const Entropy& entropy, std::pmr::memory_resource& memory,
             const KeepAliveSettings& settings = {});

  // One more wants it, by these terms or stricter ones of others. Null: they want none, or there is
  // no room.
  [[nodiscard]] Handle<KeptFlow> hold(Instant now, const PeerFlow& flow,
                                      const KeepAliveTerms& terms);
  // What one has wanted of a flow it wants of another now.
  [[nodiscard]] Handle<KeptFlow> move(Instant now, Handle<KeptFlow> kept, const PeerFlow& to);
  // A stale handle is no news.
  void release(Handle<KeptFlow> kept);
  // The peer has answered.
  void pong(Instant now, Flow connection);

  // One at a time until there is none.
  struct Due {
    PeerFlow flow;
    bool has_failed = false;  // no pong has come, and no more pings go; else a ping is to be sent
  };
  [[nodiscard]] std::optional<Due> next_due(Instant now);
  [[nodiscard]] Instant next_deadline() const { return timers_.next_deadline(); }
  [[nodiscard]] std::uint32_t size() const { return flows_.size(); }

 private:
  [[nodiscard]] std::uint64_t key_of(const PeerFlow& flow) const;
  [[nodiscard]] std::optional<std::uint32_t> find(const PeerFlow& flow);
  void arm(std::uint32_t slot);

  KeepAliveSettings settings_;
  HashSeed seed_;
  SplitMix64 draws_;
  Pool<KeptFlow> flows_;
  Table places_;
  TimerWheel timers_;
};

}  // namespace sipring
