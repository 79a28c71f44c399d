// The connections of one shard, as far as flows go: a slot each, which is somebody else's when the
// connection has been closed.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace sipring::simulation {

class Connections {
 public:
  explicit Connections(std::uint32_t shard) : shard_(shard) {}

  // Opens one where there is none.
  [[nodiscard]] Flow to(const NetworkAddress& peer) {
    auto slot = std::ranges::find(slots_, std::optional(peer), &Slot::peer);
    if (slot == slots_.end()) {
      slot = std::ranges::find_if(slots_, [](const Slot& each) { return !each.peer; });
      if (slot == slots_.end()) slot = slots_.insert(slots_.end(), Slot{});
      slot->peer = peer;
    }
    const auto number = static_cast<std::uint32_t>(slot - slots_.begin());
    return Flow::of_connection(shard_, number, slot->generation);
  }
  [[nodiscard]] bool is_current(Flow flow) const {
    return slots_[flow.slot].peer && slots_[flow.slot].generation == flow.generation;
  }
  // Whoever has the slot now.
  [[nodiscard]] const std::optional<NetworkAddress>& peer_at(Flow flow) const {
    return slots_[flow.slot].peer;
  }
  void close_all() {
    for (Slot& slot : slots_) {
      if (slot.peer) ++slot.generation;
      slot.peer.reset();
    }
  }

 private:
  struct Slot {
    std::optional<NetworkAddress> peer;
    std::uint32_t generation = 1;
  };
  std::uint32_t shard_;
  std::vector<Slot> slots_;
};

}  // namespace sipring::simulation
