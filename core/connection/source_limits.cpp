// SPDX-License-Identifier: MIT
#include <sipring/core/connection/detail/source_limits.h>
#include <sipring/core/overload/detail/source_key.h>

#include <algorithm>
#include <bit>

namespace sipring {

SourceLimits::SourceLimits(const SourceConnectionLimits& limits, std::uint32_t sources,
                           const HashSeed& seed, std::pmr::memory_resource& memory)
    : limits_(limits),
      seed_(seed),
      arrivals_(Rate::per_second(limits.new_per_second, limits.new_per_second * 2)),
      messages_(Rate::per_second(limits.messages_per_second, limits.messages_per_second)),
      offences_{Duration(std::chrono::minutes(1)) / std::max(limits.offences_per_minute, 1U),
                std::chrono::minutes(1)},
      entries_(std::bit_ceil(std::max(sources, ways)), &memory),
      sets_(static_cast<std::uint32_t>(entries_.size()) / ways) {}

SourceLimits::Admission SourceLimits::admit(Instant now, const IpAddress& source, bool shakes) {
  const std::uint32_t slot = find_or_take(now, key_of(source));
  if (slot == none) return {};
  Entry& entry = entries_[slot];
  if (const auto refusal = check(now, entry, shakes)) return {refusal, none};
  ++entry.connections;
  if (shakes) ++entry.handshakes;
  return {std::nullopt, slot};
}

std::optional<AcceptRefusal> SourceLimits::check(Instant now, Entry& entry, bool shakes) const {
  const auto reached = [](std::uint32_t count, std::uint32_t limit) {
    return limit != 0 && count >= limit;
  };
  if (entry.banned_until > now) return AcceptRefusal::banned;
  if (reached(entry.connections, limits_.connections)) return AcceptRefusal::source_connections;
  if (shakes && reached(entry.handshakes, limits_.handshakes))
    return AcceptRefusal::source_handshakes;
  if (limits_.new_per_second != 0 && !entry.arrivals.take(now, arrivals_))
    return AcceptRefusal::source_rate;
  return std::nullopt;
}

void SourceLimits::leave(std::uint32_t slot) {
  if (slot != none) --entries_[slot].connections;
}

void SourceLimits::handshake_ended(std::uint32_t slot) {
  if (slot != none) --entries_[slot].handshakes;
}

bool SourceLimits::may_send(Instant now, std::uint32_t slot) {
  if (slot == none || limits_.messages_per_second == 0) return true;
  return entries_[slot].messages.take(now, messages_);
}

bool SourceLimits::offended(Instant now, std::uint32_t slot) {
  if (slot == none || limits_.offences_per_minute == 0) return false;
  Entry& entry = entries_[slot];
  if (entry.offences.take(now, offences_)) return false;
  entry.banned_until = now + limits_.ban;
  return true;
}

bool SourceLimits::is_banned(Instant now, const IpAddress& source) const {
  const std::uint32_t slot = find(key_of(source));
  return slot != none && entries_[slot].banned_until > now;
}

std::uint64_t SourceLimits::key_of(const IpAddress& source) const {
  return std::max<std::uint64_t>(source_key(seed_, source), 1);
}

std::uint32_t SourceLimits::find(std::uint64_t key) const {
  const auto first = static_cast<std::uint32_t>(key % sets_) * ways;
  for (std::uint32_t slot = first; slot < first + ways; ++slot)
    if (entries_[slot].key == key) return slot;
  return none;
}

// Nothing is remembered of a source without connections whose buckets are full and whose ban has
// passed.
std::uint32_t SourceLimits::find_or_take(Instant now, std::uint64_t key) {
  if (const std::uint32_t known = find(key); known != none) return known;
  const auto first = static_cast<std::uint32_t>(key % sets_) * ways;
  for (std::uint32_t slot = first; slot < first + ways; ++slot) {
    Entry& entry = entries_[slot];
    const bool is_idle = entry.connections == 0 && entry.handshakes == 0 &&
                         entry.arrivals.full_at() <= now && entry.messages.full_at() <= now &&
                         entry.offences.full_at() <= now && entry.banned_until <= now;
    if (!is_idle) continue;
    entry = {};
    entry.key = key;
    return slot;
  }
  return none;
}

}  // namespace sipring
