// HandshakeQueue: octets of TLS handshakes that wait for their turn. A step of one is the longest
// thing that a shard does, up to half a millisecond, so that each turn has one of them, and a storm
// of handshakes delays nobody's messages.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/detail/ring.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <utility>

namespace sipring {

class HandshakeQueue {
 public:
  struct Piece {
    Flow flow;
    Ref<Buffer> octets;
  };

  HandshakeQueue(std::uint32_t capacity, std::pmr::memory_resource& memory)
      : pieces_(capacity, memory) {}

  void begin_turn() { has_stepped_ = false; }
  // Whether one that has just come may go at once.
  [[nodiscard]] bool may_step() const { return !has_stepped_ && pieces_.empty(); }
  void step() { has_stepped_ = true; }
  // False: no room.
  [[nodiscard]] bool postpone(Flow flow, Ref<Buffer>&& octets) {
    return pieces_.emplace(flow, std::move(octets));
  }
  // The oldest, when this turn has had no step; null: none is due.
  [[nodiscard]] std::optional<Piece> next() {
    if (has_stepped_ || pieces_.empty()) return std::nullopt;
    return pieces_.pop();
  }
  [[nodiscard]] bool empty() const { return pieces_.empty(); }

 private:
  Ring<Piece> pieces_;
  bool has_stepped_ = false;
};

}  // namespace sipring
