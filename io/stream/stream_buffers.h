// StreamBuffers: what the octets of all connections of a shard are received into, so that an idle
// connection has none. A completion's buffer goes back as soon as its messages have been handled.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/detail/memory.h>
#include <sipring/io/detail/uring.h>

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>

namespace sipring {

class StreamBuffers {
 public:
  static constexpr std::uint16_t group = 1;
  static constexpr std::uint32_t size = 16 * 1024;

  // `count` is rounded up to a power of two.
  StreamBuffers(Uring& uring, std::uint32_t count, std::pmr::memory_resource& memory);
  ~StreamBuffers();
  StreamBuffers(const StreamBuffers&) = delete;
  StreamBuffers& operator=(const StreamBuffers&) = delete;

  // False: the kernel has no provided buffers (Linux before 5.19), and there are no streams.
  [[nodiscard]] bool is_registered() const { return ring_ != nullptr; }

  // Followed by the octets that parsers may read.
  [[nodiscard]] std::span<char> octets(std::uint16_t id, std::uint32_t count) const {
    return {start(id), count};
  }
  // Lent again with the next publish().
  void give_back(std::uint16_t id);
  void publish();

 private:
  static constexpr std::size_t stride = size + 64;

  [[nodiscard]] char* start(std::uint16_t id) const {
    return memory_.data() + std::size_t{id} * stride;
  }

  Uring& uring_;
  std::pmr::memory_resource& resource_;
  std::uint32_t count_;
  SparseMemory memory_;
  void* ring_memory_ = nullptr;
  io_uring_buf_ring* ring_ = nullptr;
  std::uint32_t added_ = 0;  // and not published
};

}  // namespace sipring
