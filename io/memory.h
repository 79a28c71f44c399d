// ShardMemory: a mimalloc heap of one thread as a std::pmr::memory_resource. Slabs are taken from
// it at start; nothing on the message path asks it for anything.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory_resource>

struct mi_heap_s;

namespace sipring {

// To be made, used for allocation, and destroyed by one thread.
class ShardMemory : public std::pmr::memory_resource {
 public:
  ShardMemory();
  ~ShardMemory() override;  // all that was allocated has come back, or is never used again
  ShardMemory(const ShardMemory&) = delete;
  ShardMemory& operator=(const ShardMemory&) = delete;

  [[nodiscard]] std::size_t bytes_in_use() const { return bytes_in_use_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* where, std::size_t bytes, std::size_t alignment) override;
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override;

  mi_heap_s* heap_;
  std::size_t bytes_in_use_ = 0;
};

}  // namespace sipring
