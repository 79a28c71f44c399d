// CompletionToken: what a completion belongs to, packed into io_uring's 64 bits of user_data. The
// loop looks at the group alone; what an operation is, and what its slot and generation name, is
// the group's own.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring {

// Who asked for an operation, and is given its completions.
enum class OpGroup : std::uint8_t {
  ring,    // the loop itself: the last cancel
  post,    // io/post/bells.h; slot: a shard
  udp,     // io/udp/ports.h; slot: a port
  stream,  // io/stream/ports.h; slot: a listener, or a connection
  names,   // io/names/ring_resolver.h; slot: a question
};

enum class RingOp : std::uint8_t { cancel };
enum class PostOp : std::uint8_t {
  rung_by_event,
  rung_by_ring,
  ring,  // our MSG_RING to another shard; completes only when it failed
};
enum class UdpOp : std::uint8_t {
  receive,   // multishot RECVMSG
  readable,  // POLL_ADD: without multishot receive
  writable,  // POLL_ADD: the socket's buffer was full
  cancel,    // of a receive
};

enum class StreamOp : std::uint8_t {
  accept,   // multishot
  receive,  // multishot
  send,
  connect,
  close,   // of a connection's descriptor
  refuse,  // close of one that was not taken
  cancel,
};

enum class NamesOp : std::uint8_t {
  ready,   // POLL_ADD of a query's socket
  cancel,  // of one
};

[[nodiscard]] constexpr OpGroup group_of(RingOp) {
  return OpGroup::ring;
}
[[nodiscard]] constexpr OpGroup group_of(PostOp) {
  return OpGroup::post;
}
[[nodiscard]] constexpr OpGroup group_of(UdpOp) {
  return OpGroup::udp;
}
[[nodiscard]] constexpr OpGroup group_of(StreamOp) {
  return OpGroup::stream;
}

[[nodiscard]] constexpr OpGroup group_of(NamesOp) {
  return OpGroup::names;
}

struct CompletionToken {
  OpGroup group = OpGroup::ring;  // 4 bits
  std::uint8_t op = 0;            // 4 bits
  std::uint32_t slot = 0;         // 24 bits
  std::uint32_t generation = 0;

  template <class Op>
  [[nodiscard]] static constexpr CompletionToken of(Op op, std::uint32_t slot = 0,
                                                    std::uint32_t generation = 0) {
    return {group_of(op), static_cast<std::uint8_t>(op), slot, generation};
  }
  [[nodiscard]] constexpr std::uint64_t pack() const {
    return std::uint64_t{static_cast<std::uint8_t>(group)} << 60 | std::uint64_t{op} << 56 |
           std::uint64_t{slot} << 32 | generation;
  }
  [[nodiscard]] static constexpr CompletionToken unpack(std::uint64_t user_data) {
    return {static_cast<OpGroup>(user_data >> 60), static_cast<std::uint8_t>(user_data >> 56 & 0xf),
            static_cast<std::uint32_t>(user_data >> 32) & 0xff'ffff,
            static_cast<std::uint32_t>(user_data)};
  }
  friend bool operator==(const CompletionToken&, const CompletionToken&) = default;
};
static_assert(
    CompletionToken::unpack(CompletionToken::of(UdpOp::cancel, 0xff'ffff, 0xffff'ffff).pack()) ==
    CompletionToken::of(UdpOp::cancel, 0xff'ffff, 0xffff'ffff));

}  // namespace sipring
