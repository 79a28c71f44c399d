// The shards of a node. The kernel brings a datagram to any of them, and a connection to one; where
// it is served is for them to decide. Now and then one goes, as Server::stop has it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/shard/steering.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/simulation/agenda.h"
#include "tests/simulation/node.h"
#include "tests/simulation/shard.h"
#include "tests/simulation/watched_engine.h"

namespace sipring::simulation {

class Site {
 public:
  Site(const NetworkAddress& address, const Weights& weights, Random& random, Network& network,
       const Canary& canary, SimulatedUser& user);

  void receive(Instant now, const Packet& packet);
  void advance(Instant now);
  [[nodiscard]] Instant next_event() const;

  // Where a call of ours begins.
  [[nodiscard]] WatchedEngine& home_of(std::string_view call_id) {
    return shards_[common_.truth.next_home_of(call_id)]->engine();
  }
  // Of a user's word.
  [[nodiscard]] WatchedEngine& engine_of(std::uint64_t attached) {
    return shards_[attached & 0xff]->engine();
  }
  [[nodiscard]] const NetworkAddress& address() const { return common_.address; }

  [[nodiscard]] bool is_at_rest() const;
  void check_at_rest();
  [[nodiscard]] std::size_t alive() const;
  void add_to(Account& account) const;

 private:
  // A shard that goes, step by step: each waits for what makes the next one safe.
  struct ShardRemoval {
    std::uint32_t shard = 0;
    enum class Step : std::uint8_t { drains, moved, leaves } step = Step::drains;
    std::uint32_t change = 0;  // of the roster, to be acknowledged
  };

  std::size_t landing_of(const Packet& packet);
  void begin_removal(Instant now);
  void look_after_removal(Instant now);
  std::uint32_t tell_all(Instant now);

  Common common_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::optional<ShardRemoval> removal_;
  std::uint64_t departed_ = 0;
};

}  // namespace sipring::simulation
