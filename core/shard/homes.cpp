// SPDX-License-Identifier: MIT
#include <sipring/core/shard/detail/homes.h>

#include <sipring/pools/assert.h>

namespace sipring {
namespace {

// Murmur3's finalizer: slots are hashes already, so nobody can choose them.
std::uint64_t weight(std::uint32_t slot, std::size_t shard) {
  std::uint64_t mixed = std::uint64_t{slot} << 8 | shard;
  mixed = (mixed ^ mixed >> 33) * 0xff51afd7ed558ccd;
  mixed = (mixed ^ mixed >> 33) * 0xc4ceb9fe1a85ec53;
  return mixed ^ mixed >> 33;
}

std::uint8_t home(std::uint32_t slot, std::size_t shards, const std::bitset<256>& candidates) {
  const std::size_t own = slot % shards;
  if (candidates[own]) return static_cast<std::uint8_t>(own);
  std::size_t best = shards;
  for (std::size_t shard = 0; shard < shards; ++shard) {
    if (!candidates[shard]) continue;
    if (best == shards || weight(slot, shard) > weight(slot, best)) best = shard;
  }
  return static_cast<std::uint8_t>(best);
}

}  // namespace

Homes make_homes(std::span<const ShardPhase> phases) {
  Homes homes;
  std::bitset<256> serve;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    homes.runs[i] = phases[i] != ShardPhase::stopped;
    serve[i] = phases[i] == ShardPhase::serving;
  }
  SIPRING_ASSERT(serve.any());
  for (std::uint32_t slot = 0; slot < Homes::slots; ++slot) {
    homes.first[slot] = home(slot, phases.size(), homes.runs);
    homes.next[slot] = home(slot, phases.size(), serve);
  }
  return homes;
}

}  // namespace sipring
