// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/sources.h>

#include <sipring/core/overload/detail/source_key.h>

#include <algorithm>
#include <bit>

namespace sipring {
namespace {

constexpr std::uint32_t least_burst = 10;

std::uint32_t burst_of(const OverloadSettings& settings) {
  if (settings.source_burst != 0) return settings.source_burst;
  return std::max(settings.source_rate / 10, least_burst);
}

}  // namespace

Sources::Sources(const OverloadSettings& settings, const HashSeed& seed,
                 std::pmr::memory_resource& memory)
    : seed_(seed),
      limits_rate_(settings.source_rate != 0),
      most_alive_(settings.source_transactions != 0 ? settings.source_transactions : none),
      rate_(Rate::per_second(limits_rate_ ? settings.source_rate : 1'000'000, burst_of(settings))),
      dialog_rate_{rate_.interval, rate_.tolerance * 2 + rate_.interval},
      entries_(std::bit_ceil(std::max(settings.sources, ways)), &memory),
      sets_(capacity() / ways) {}

// The place of this source; none when all places that it could have are held by others.
std::uint32_t Sources::find(std::uint64_t key) {
  const auto first = static_cast<std::uint32_t>(key & (sets_ - 1)) * ways;
  std::uint32_t idlest = none;
  for (std::uint32_t slot = first; slot < first + ways; ++slot) {
    const Entry& entry = entries_[slot];
    if (entry.key == key) return slot;
    if (entry.alive != 0) continue;
    const bool idler =
        idlest == none || entry.requests.full_at() < entries_[idlest].requests.full_at();
    if (idler) idlest = slot;
  }
  if (idlest != none) entries_[idlest] = {.key = key, .requests = {}, .refusals = {}, .alive = 0};
  return idlest;
}

Sources::Decision Sources::decide(Instant now, const IpAddress& source, Precedence precedence) {
  const std::uint32_t slot = find(source_key(seed_, source) | 1);
  if (slot == none) return {};
  Entry& entry = entries_[slot];
  const bool in_dialog = precedence == Precedence::in_dialog;
  if (!in_dialog && entry.alive >= most_alive_) {
    return refused(now, Verdict::too_many_transactions, slot);
  }
  // Without a limit the bucket only remembers when the source was heard.
  const bool conforms = entry.requests.take(now, in_dialog ? dialog_rate_ : rate_);
  if (limits_rate_ && !conforms) return refused(now, Verdict::over_rate, slot);
  return {Verdict::admitted, slot, true};
}

Sources::Decision Sources::refused(Instant now, Verdict verdict, std::uint32_t slot) {
  return {verdict, slot, entries_[slot].refusals.take(now, rate_)};
}

}  // namespace sipring
