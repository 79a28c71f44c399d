// TurnQueue: the messages of one turn in the order in which an overloaded shard serves them: by
// precedence; within one by rounds, so that each source has its first message served before any has
// its second; within a round as they came. Whoever floods waits behind himself.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/overload/detail/precedence.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <vector>

namespace sipring {

class TurnQueue {
 public:
  struct Entry {
    std::uint32_t item = 0;  // the caller's
    Precedence precedence = Precedence::in_dialog;
  };

  TurnQueue(std::uint32_t capacity, const HashSeed& seed, std::pmr::memory_resource& memory);

  [[nodiscard]] bool full() const { return keys_.size() == capacity_; }
  [[nodiscard]] bool empty() const { return keys_.empty(); }
  // Not when full, and not between sort() and the last next().
  void add(std::uint32_t item, Precedence precedence, const IpAddress& source);
  // After the last one has been added.
  void sort();
  // nullopt when there are no more: the queue is empty then, for the next turn.
  [[nodiscard]] std::optional<Entry> next();

 private:
  // How many messages of one source and precedence there are in this turn.
  struct Count {
    std::uint64_t key = 0;
    std::uint32_t turn = 0;  // of another turn: free
    std::uint32_t messages = 0;
  };
  std::uint32_t round_of(Precedence precedence, const IpAddress& source);

  HashSeed seed_;
  std::uint32_t capacity_;
  std::uint32_t turn_ = 1;
  std::uint32_t taken_ = 0;
  std::pmr::vector<std::uint64_t> keys_;  // precedence, round, place
  std::pmr::vector<std::uint32_t> items_;
  std::pmr::vector<Count> counts_;
};

}  // namespace sipring
