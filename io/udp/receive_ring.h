// ReceiveRing: the buffers that a shard's datagrams are received into, lent to the kernel as a
// provided-buffer ring.
//
// Each has room for the largest datagram there is (65,535 octets) and the octets after it that
// parsers may read. Memory is touched only as far as datagrams reach, so an ordinary buffer costs a
// page, not 66 KB; that one is touched at once. A few spare buffers are never lent: errors and the
// receive path without multishot use them.
//
// The kernel takes what it was lent first, so of all buffers the one that is longest out of the
// caches. Hence no more are lent than have been needed so far; the others wait, the last one that
// was used on top.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/parser.h>
#include <sipring/io/detail/memory.h>
#include <sipring/io/detail/uring.h>
#include <sipring/io/socket_address.h>

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

namespace sipring {

using BufferId = std::uint16_t;

// A datagram as it lies in a buffer.
struct ReceivedDatagram {
  std::string_view bytes;
  const SocketAddress* source = nullptr;
  bool truncated = false;
  // UDP_GRO: the octets are several datagrams of this size, the last one may be shorter. 0: they
  // are one.
  std::uint32_t segment = 0;
};

class ReceiveRing {
 public:
  static constexpr std::uint32_t max_datagram = 65'535;
  static constexpr std::uint32_t max_segments = 64;  // of one buffer: the kernel's UDP_GRO_CNT_MAX
  static constexpr std::uint32_t spares = 64;        // one batch of recvmmsg
  static constexpr std::uint16_t group = 0;

  // `count` is rounded up to a power of two. With `provided` the buffers are lent to the kernel,
  // else taken with take_spare().
  ReceiveRing(Uring& uring, std::uint32_t count, bool provided, std::pmr::memory_resource& memory);
  ~ReceiveRing();
  ReceiveRing(const ReceiveRing&) = delete;
  ReceiveRing& operator=(const ReceiveRing&) = delete;

  // False when the kernel refused the ring (Linux before 5.19): make one that is not provided.
  [[nodiscard]] bool is_registered() const { return !provided_ || ring_ != nullptr; }
  [[nodiscard]] bool is_provided() const { return ring_ != nullptr; }

  // Prepares a multishot receive of a registered file into these buffers.
  void prepare(io_uring_sqe& submission, std::uint32_t file_index);
  // What a multishot receive put into a buffer. `size` is the completion's result.
  [[nodiscard]] ReceivedDatagram datagram(BufferId id, std::uint32_t size) const;

  // Room for a datagram that the kernel does not pick itself; lent out until give_back().
  [[nodiscard]] std::optional<BufferId> take_spare();
  [[nodiscard]] bool has_spare() const { return !spare_.empty(); }
  [[nodiscard]] char* payload(BufferId id) const { return start(id) + payload_offset; }
  [[nodiscard]] SocketAddress* source(BufferId id) const;

  // The buffer may be filled again: lent ones after publish(). One that was shared is wanted back
  // once from each that has it.
  void give_back(BufferId id);
  void share(BufferId id, std::uint32_t others) { others_[id] += others; }
  // Once per turn: lends the kernel what was given back.
  void publish();
  // The kernel had none left: from the next publish() on more are lent. False when all are already.
  [[nodiscard]] bool lend_more();

  [[nodiscard]] std::uint32_t lent_to_kernel() const { return lent_; }
  void taken_by_kernel() { --lent_; }  // a completion carried a buffer
  [[nodiscard]] std::uint32_t capacity() const { return count_ + spares; }
  // Datagrams that all buffers may hold.
  [[nodiscard]] std::uint32_t max_datagrams() const { return capacity() * max_segments; }
  [[nodiscard]] static std::size_t bytes(std::uint32_t count);

 private:
  // Header, address and one control message (the size of UDP_GRO) make 64 octets, so payloads start
  // on a cache line. The stride is no multiple of a page: starts of datagrams would otherwise fight
  // for the same few cache sets.
  static constexpr std::uint32_t address_room = sizeof(SocketAddress);
  static constexpr std::uint32_t control_room = CMSG_LEN(sizeof(int));
  static constexpr std::uint32_t payload_offset =
      sizeof(io_uring_recvmsg_out) + address_room + control_room;
  static constexpr std::size_t stride = 66'560 + 9 * 64;
  static_assert(payload_offset == 64);
  static_assert(stride >= payload_offset + max_datagram + readable_padding && stride % 64 == 0);

  [[nodiscard]] char* start(BufferId id) const { return memory_.data() + std::size_t{id} * stride; }
  [[nodiscard]] std::uint32_t segment_of(BufferId id) const;
  void lend(BufferId id, std::uint32_t place);

  Uring& uring_;
  std::pmr::memory_resource& resource_;
  std::uint32_t count_;
  bool provided_;
  SparseMemory memory_;
  void* ring_memory_ = nullptr;
  io_uring_buf_ring* ring_ = nullptr;
  std::pmr::vector<BufferId> idle_;  // could be lent
  std::uint32_t lent_ = 0;
  std::uint32_t most_lent_;
  msghdr header_{};
  std::pmr::vector<BufferId> spare_;
  std::pmr::vector<std::uint32_t> others_;  // by buffer: how many more have it
};

}  // namespace sipring
