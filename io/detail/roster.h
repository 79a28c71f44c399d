// Roster: which shards serve, drain and have stopped, and how a change reaches all of them.
//
// One thread at a time, the server's user's, writes; shards look at one number each turn of their
// loop and read the rest when it has changed. A shard that has acknowledged a change acts by it: no
// letter of its own goes by an older one. All that threads share of this is here, and none of it is
// touched for a message.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/shard/detail/homes.h>
#include <sipring/core/shard/phase.h>
#include <sipring/io/published.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace sipring {

class Roster {
 public:
  explicit Roster(std::uint32_t shards);

  // The writer's.
  [[nodiscard]] std::optional<DrainError> may_drain(std::uint32_t shard) const;
  [[nodiscard]] ShardPhase phase(std::uint32_t shard) const { return phases_[shard]; }
  void set_phase(std::uint32_t shard, ShardPhase phase);
  void order(std::uint32_t shard, ShardOrder order);
  // All that was set and ordered reaches the shards, which have to be woken. Returns the number to
  // wait for.
  std::uint32_t publish();
  [[nodiscard]] bool is_acknowledged(std::uint32_t change) const;  // by all that have not left
  [[nodiscard]] ShardReport report_of(std::uint32_t shard) const {
    return entries_[shard].report.load(std::memory_order_acquire);
  }
  [[nodiscard]] Homes homes() const { return make_homes(phases_); }

  // A shard's.
  [[nodiscard]] std::uint32_t change() const { return change_.load(std::memory_order_acquire); }
  [[nodiscard]] Homes published() const { return published_.read(); }
  [[nodiscard]] ShardOrder order_to(std::uint32_t shard) const {
    return entries_[shard].order.load(std::memory_order_acquire);
  }
  void acknowledge(std::uint32_t shard, std::uint32_t change) {
    entries_[shard].acknowledged.store(change, std::memory_order_release);
  }
  void report(std::uint32_t shard, ShardReport report) {
    entries_[shard].report.store(report, std::memory_order_release);
  }
  // Sleeps until it may free its memory.
  void wait_for_release(std::uint32_t shard) const;

  // A shard that ends writes no letters from then on. Each says so once.
  void fall_silent() { silent_.fetch_add(1, std::memory_order_acq_rel); }
  [[nodiscard]] bool all_are_silent() const {
    return silent_.load(std::memory_order_acquire) == phases_.size();
  }

 private:
  struct alignas(64) Entry {
    std::atomic<ShardOrder> order = ShardOrder::serve;
    std::atomic<ShardReport> report = ShardReport::busy;
    std::atomic<std::uint32_t> acknowledged = 0;
  };
  std::vector<ShardPhase> phases_;  // the writer's own
  std::unique_ptr<Entry[]> entries_;
  alignas(64) std::atomic<std::uint32_t> change_ = 0;
  std::atomic<std::uint32_t> silent_ = 0;
  Published<Homes> published_;
};

}  // namespace sipring
