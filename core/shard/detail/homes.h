// Homes: which shard a call lives on. A keyed hash of its Call-ID gives one of 4,096 slots, and
// each slot has a shard: its own while that serves, else one of those that do, by highest random
// weight (Thaler and Ravishankar, "Using name-based mappings to increase hit rates"). So a shard's
// end moves its slots and no others, evenly to all, and whoever knows which shards serve knows
// every home.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/shard/phase.h>

#include <array>
#include <bitset>
#include <cstdint>
#include <span>

namespace sipring {

struct Homes {
  static constexpr std::uint32_t slots = 4'096;
  static constexpr std::uint32_t most_shards = 255;

  // Whom a datagram is given to. A shard that drains keeps its slots: it knows what has begun
  // there.
  std::array<std::uint8_t, slots> first{};
  // Who serves what begins now: differs from `first` in the slots of a shard that drains.
  std::array<std::uint8_t, slots> next{};
  std::bitset<256> runs;  // shards that have not stopped
};

// `phases` has one for each shard; one of them at least serves.
[[nodiscard]] Homes make_homes(std::span<const ShardPhase> phases);

}  // namespace sipring
