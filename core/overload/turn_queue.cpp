// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/turn_queue.h>

#include <sipring/core/overload/detail/source_key.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace sipring {
namespace {

constexpr unsigned precedence_shift = 56, round_shift = 28;
constexpr std::uint64_t place_mask = (std::uint64_t{1} << round_shift) - 1;

}  // namespace

TurnQueue::TurnQueue(std::uint32_t capacity, const HashSeed& seed,
                     std::pmr::memory_resource& memory)
    : seed_(seed),
      capacity_(capacity),
      keys_(&memory),
      items_(&memory),
      counts_(std::size_t{std::bit_ceil(capacity)} * 2, &memory) {
  SIPRING_ASSERT(capacity <= place_mask);
  keys_.reserve(capacity);
  items_.reserve(capacity);
}

void TurnQueue::add(std::uint32_t item, Precedence precedence, const IpAddress& source) {
  SIPRING_VERIFY(!full() && taken_ == 0);
  const std::uint64_t round = round_of(precedence, source);
  keys_.push_back(std::uint64_t{std::to_underlying(precedence)} << precedence_shift |
                  round << round_shift | items_.size());
  items_.push_back(item);
}

std::uint32_t TurnQueue::round_of(Precedence precedence, const IpAddress& source) {
  const std::uint64_t key = source_key(seed_, source) + std::to_underlying(precedence);
  const std::size_t mask = counts_.size() - 1;
  std::size_t i = key & mask;
  while (counts_[i].turn == turn_ && counts_[i].key != key) i = (i + 1) & mask;
  if (counts_[i].turn != turn_) counts_[i] = {key, turn_, 0};
  return counts_[i].messages++;
}

void TurnQueue::sort() {
  std::ranges::sort(keys_);
}

std::optional<TurnQueue::Entry> TurnQueue::next() {
  if (taken_ == keys_.size()) {
    keys_.clear();
    items_.clear();
    taken_ = 0;
    turn_ = std::max(turn_ + 1, 1U);
    return std::nullopt;
  }
  const std::uint64_t key = keys_[taken_++];
  return Entry{items_[key & place_mask], static_cast<Precedence>(key >> precedence_shift)};
}

}  // namespace sipring
