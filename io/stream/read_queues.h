// ReadQueues: octets that have come and are read later, a queue for each connection, all out of one
// pool. Those of a peer that says more in a turn than its share, and those of one that does not
// read our answers, lie here in copies; the receive buffers are everybody's.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/buffer.h>
#include <sipring/pools/pool.h>

#include <cstdint>
#include <limits>
#include <memory_resource>
#include <utility>

namespace sipring {

class ReadQueues {
 public:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  struct Queue {
    std::uint32_t first = none;
    std::uint32_t last = none;
    [[nodiscard]] bool empty() const { return first == none; }
  };

  ReadQueues(std::uint32_t pieces, std::pmr::memory_resource& memory) : pieces_(pieces, memory) {}

  // False: no room, or no octets.
  [[nodiscard]] bool push(Queue& queue, Ref<Buffer>&& octets) {
    if (!octets) return false;
    const Handle<Piece> handle = pieces_.acquire(std::move(octets), none);
    if (!handle) return false;
    (queue.empty() ? queue.first : pieces_.at(queue.last).next) = handle.slot;
    queue.last = handle.slot;
    return true;
  }
  // The queue is not empty.
  [[nodiscard]] Ref<Buffer> pop(Queue& queue) {
    const std::uint32_t slot = queue.first;
    Piece& piece = pieces_.at(slot);
    Ref<Buffer> octets = std::move(piece.octets);
    queue.first = piece.next;
    if (queue.first == none) queue.last = none;
    pieces_.release(pieces_.handle_of(slot));
    return octets;
  }
  void clear(Queue& queue) {
    while (!queue.empty()) (void)pop(queue);
  }
  [[nodiscard]] std::uint32_t size() const { return pieces_.size(); }

 private:
  struct Piece {
    Ref<Buffer> octets;
    std::uint32_t next;
  };
  Pool<Piece> pieces_;
};

}  // namespace sipring
