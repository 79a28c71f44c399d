// SPDX-License-Identifier: MIT
#include <sipring/io/detail/roster.h>

#include <algorithm>

namespace sipring {

Roster::Roster(std::uint32_t shards)
    : phases_(shards, ShardPhase::serving), entries_(std::make_unique<Entry[]>(shards)) {}

std::optional<DrainError> Roster::may_drain(std::uint32_t shard) const {
  if (shard >= phases_.size()) return DrainError::no_such_shard;
  if (phases_[shard] == ShardPhase::stopped) return DrainError::stopped;
  if (std::ranges::count(phases_, ShardPhase::draining) != 0) return DrainError::another_drains;
  if (std::ranges::count(phases_, ShardPhase::serving) == 1) return DrainError::last_shard;
  return std::nullopt;
}

void Roster::set_phase(std::uint32_t shard, ShardPhase phase) {
  phases_[shard] = phase;
}

void Roster::order(std::uint32_t shard, ShardOrder order) {
  entries_[shard].order.store(order, std::memory_order_release);
  entries_[shard].order.notify_one();
}

std::uint32_t Roster::publish() {
  published_.publish(homes());
  return change_.fetch_add(1, std::memory_order_acq_rel) + 1;
}

bool Roster::is_acknowledged(std::uint32_t change) const {
  for (std::size_t i = 0; i < phases_.size(); ++i) {
    if (report_of(static_cast<std::uint32_t>(i)) == ShardReport::left) continue;
    if (entries_[i].acknowledged.load(std::memory_order_acquire) < change) return false;
  }
  return true;
}

void Roster::wait_for_release(std::uint32_t shard) const {
  const std::atomic<ShardOrder>& order = entries_[shard].order;
  for (ShardOrder now = order.load(); now != ShardOrder::release; now = order.load())
    order.wait(now);
}

}  // namespace sipring
