// SPDX-License-Identifier: MIT
#include <sipring/core/routing/health.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace sipring {

Health::Health(const HealthSettings& settings, const HashSeed& seed,
               std::pmr::memory_resource& memory)
    : settings_(settings),
      seed_(seed),
      entries_(std::bit_ceil(std::max(settings.targets, ways)), &memory),
      sets_(static_cast<std::uint32_t>(entries_.size()) / ways) {}

std::uint32_t Health::first_of(const NetworkAddress& target) const {
  std::uint64_t words[2];
  std::memcpy(words, target.ip.octets.data(), sizeof words);
  Hasher hasher(seed_);
  hasher.add(words[0]);
  hasher.add(words[1]);
  hasher.add(std::uint64_t{target.port} << 16 | static_cast<std::uint64_t>(target.transport) << 8 |
             static_cast<std::uint64_t>(target.ip.family));
  return static_cast<std::uint32_t>(hasher.finish_low() & (sets_ - 1)) * ways;
}

const Health::Entry* Health::find(const NetworkAddress& target) const {
  const std::uint32_t first = first_of(target);
  for (std::uint32_t slot = first; slot < first + ways; ++slot) {
    const Entry& entry = entries_[slot];
    if (!entry.standing.is_good() && entry.target == target) return &entry;
  }
  return nullptr;
}

Health::Entry& Health::place_for(const NetworkAddress& target) {
  if (Entry* const known = find(target)) return *known;
  const auto first = entries_.begin() + first_of(target);
  const auto place = std::min_element(first, first + ways, [](const Entry& a, const Entry& b) {
    return a.standing.avoided_until() < b.standing.avoided_until();
  });
  if (place->standing.is_good()) ++failed_;
  *place = {target, {}};
  return *place;
}

Instant Health::avoided_until(const NetworkAddress& target) const {
  const Entry* const entry = find(target);
  return entry == nullptr ? Instant::min() : entry->standing.avoided_until();
}

void Health::failed(Instant now, const NetworkAddress& target) {
  place_for(target).standing.failed(now, settings_.avoidance);
}

void Health::asked_for(Instant now, const NetworkAddress& target, Duration pause) {
  place_for(target).standing.asked_for(now, pause);
}

void Health::answered(const NetworkAddress& target) {
  if (failed_ == 0) return;
  Entry* const entry = find(target);
  if (entry == nullptr) return;
  entry->standing.succeeded();
  --failed_;
}

}  // namespace sipring
