// SPDX-License-Identifier: MIT
#include <sipring/core/connection/detail/backoff.h>

#include <algorithm>
#include <bit>

namespace sipring {
namespace {

constexpr std::uint32_t most_doublings = 20;

}  // namespace

Backoff::Backoff(const ConnectionLimits& limits, std::uint64_t seed,
                 std::pmr::memory_resource& memory)
    : first_(limits.backoff),
      longest_(limits.longest_backoff),
      random_(seed),
      entries_(std::bit_ceil(std::max(limits.targets, ways)), &memory) {}

// The one that may be tried soonest makes way: least is lost with it.
void Backoff::failed(Instant now, std::uint64_t target) {
  const auto begin = entries_.begin() + first_of(target);
  auto entry =
      std::find_if(begin, begin + ways, [&](const Entry& each) { return each.target == target; });
  if (entry == begin + ways) {
    entry = std::min_element(begin, begin + ways, [](const Entry& a, const Entry& b) {
      return a.next_try < b.next_try;
    });
    *entry = {.target = target};
  }
  entry->next_try = now + draw_wait(entry->failures++);
}

void Backoff::succeeded(std::uint64_t target) {
  if (const Entry* entry = find(target))
    entries_[static_cast<std::size_t>(entry - entries_.data())] = {};
}

Instant Backoff::next_try(std::uint64_t target) const {
  const Entry* entry = find(target);
  return entry == nullptr ? Instant::min() : entry->next_try;
}

const Backoff::Entry* Backoff::find(std::uint64_t target) const {
  const auto begin = entries_.begin() + first_of(target);
  const auto entry =
      std::find_if(begin, begin + ways, [&](const Entry& each) { return each.target == target; });
  return entry == begin + ways ? nullptr : &*entry;
}

std::uint32_t Backoff::first_of(std::uint64_t target) const {
  return static_cast<std::uint32_t>(target % (entries_.size() / ways)) * ways;
}

Duration Backoff::draw_wait(std::uint32_t failures) {
  const std::int64_t doubled = std::int64_t{1} << std::min(failures, most_doublings);
  const Duration whole = first_ > longest_ / doubled ? longest_ : first_ * doubled;
  const auto half = static_cast<std::uint64_t>(whole.count() / 2);
  return whole - Duration(static_cast<std::int64_t>(random_.up_to(half)));
}

}  // namespace sipring
