// CompletionToken: what a completion belongs to, packed into io_uring's 64 bits of user_data.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring {

enum class Op : std::uint8_t {
  receive,    // multishot RECVMSG of a listener
  readable,   // POLL_ADD of a listener: without multishot receive
  writable,   // POLL_ADD of a listener whose socket buffer was full
  wake,       // the eventfd of a shard, or another shard's MSG_RING
  ring_bell,  // our MSG_RING to another shard; completes only when it failed
  cancel,     // the last operation of a ring
};

struct CompletionToken {
  Op op = Op::cancel;
  std::uint32_t slot = 0;  // 24 bits: a listener, or a shard
  std::uint32_t generation = 0;

  [[nodiscard]] constexpr std::uint64_t pack() const {
    return std::uint64_t{static_cast<std::uint8_t>(op)} << 56 | std::uint64_t{slot} << 32 |
           generation;
  }
  [[nodiscard]] static constexpr CompletionToken unpack(std::uint64_t user_data) {
    return {static_cast<Op>(user_data >> 56),
            static_cast<std::uint32_t>(user_data >> 32) & 0xff'ffff,
            static_cast<std::uint32_t>(user_data)};
  }
  friend bool operator==(const CompletionToken&, const CompletionToken&) = default;
};
static_assert(CompletionToken::unpack(CompletionToken{Op::wake, 0xff'ffff, 0xffff'ffff}.pack()) ==
              CompletionToken{Op::wake, 0xff'ffff, 0xffff'ffff});

}  // namespace sipring
