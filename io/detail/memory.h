// What a shard's memory comes from, all of it when it starts: nothing on the message path asks for
// any.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory_resource>
#include <span>

struct mi_heap_s;

namespace sipring {

// Has the pages of memory that nobody uses yet, in one step; what is read there stays as it is.
void bring(std::span<std::byte> memory);

// A mimalloc heap of one thread as a std::pmr::memory_resource. What is aligned to a huge page is
// on huge pages, and other large slabs on small ones: they are used from their beginning onwards,
// and a huge page would cost the message that needs it up to 5 ms. To be made, used for allocation,
// and destroyed by one thread.
class ShardMemory : public std::pmr::memory_resource {
 public:
  // With `touched` every page is there before it is used, and huge where it can be.
  explicit ShardMemory(bool touched = false);
  ~ShardMemory() override;  // all that was allocated has come back
  ShardMemory(const ShardMemory&) = delete;
  ShardMemory& operator=(const ShardMemory&) = delete;

  [[nodiscard]] std::size_t bytes_in_use() const { return bytes_in_use_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* where, std::size_t bytes, std::size_t alignment) override;
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override;

  mi_heap_s* heap_;
  bool touched_;
  std::size_t bytes_in_use_ = 0;
};

// Address space of which little is ever used at once, here and there: on small pages, each there
// when it is first used.
class SparseMemory {
 public:
  explicit SparseMemory(std::size_t bytes);  // throws std::bad_alloc
  ~SparseMemory();
  SparseMemory(const SparseMemory&) = delete;
  SparseMemory& operator=(const SparseMemory&) = delete;

  [[nodiscard]] char* data() const { return where_; }

 private:
  std::size_t bytes_;
  char* where_;
};

}  // namespace sipring
