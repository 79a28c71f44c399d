// SendQueues: what waits to be written, a queue for each connection, all out of one pool.
//
// Octets leave in order: what a connection has in the kernel's hands stays at the front of its
// queue until it has been taken. A WebSocket's head goes in front of a message without a copy of
// it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/stream/detail/websocket_frame.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/handle.h>
#include <sipring/pools/pool.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory_resource>
#include <span>
#include <string_view>

namespace sipring {

struct Transaction;

class SendQueues {
 public:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  struct Queue {
    std::uint32_t first = none;
    std::uint32_t last = none;
    std::uint32_t bytes = 0;  // that have not left
    std::uint32_t left = 0;   // octets of the first that have
    [[nodiscard]] bool empty() const { return first == none; }
  };
  struct Outgoing {
    Ref<Buffer> bytes;
    Handle<Transaction> transaction;  // null: nobody waits for word of it
    std::uint32_t next = none;
    std::uint8_t head_size = 0;
    std::array<char, FrameHead::max_size> head{};  // its last octets
    [[nodiscard]] std::string_view head_view() const {
      return {head.data() + head.size() - head_size, head_size};
    }
  };
  using Piece = std::string_view;

  SendQueues(std::uint32_t sends, std::pmr::memory_resource& memory) : outgoing_(sends, memory) {}

  // False when the pool is full: nothing has been taken.
  [[nodiscard]] bool push(Queue& queue, Outgoing&& outgoing);
  // In front of all; nothing of the queue has begun to leave.
  [[nodiscard]] bool push_front(Queue& queue, Outgoing&& outgoing);
  // What is to leave next, in `pieces`, as far as they reach; how many there are.
  [[nodiscard]] std::size_t gather(const Queue& queue, std::span<Piece> pieces);
  // So many octets have left.
  void sent(Queue& queue, std::size_t octets);
  // The first of the queue does not leave any more. The queue is not empty.
  [[nodiscard]] Handle<Transaction> drop_first(Queue& queue);

  [[nodiscard]] std::uint32_t size() const { return outgoing_.size(); }
  [[nodiscard]] static constexpr std::size_t bytes(std::uint32_t sends) {
    return Pool<Outgoing>::bytes(sends);
  }

 private:
  static std::size_t size_of(const Outgoing& outgoing) {
    return outgoing.head_size + outgoing.bytes->size();
  }
  void release_first(Queue& queue);

  Pool<Outgoing> outgoing_;
};

}  // namespace sipring
