// SPDX-License-Identifier: MIT
#include <sipring/io/memory.h>

#include <mimalloc.h>

#include <new>

namespace sipring {

ShardMemory::ShardMemory() : heap_(mi_heap_new()) {
  if (heap_ == nullptr) throw std::bad_alloc();
}

ShardMemory::~ShardMemory() {
  mi_heap_destroy(heap_);
}

void* ShardMemory::do_allocate(std::size_t bytes, std::size_t alignment) {
  void* where = mi_heap_malloc_aligned(heap_, bytes, alignment);
  if (where == nullptr) throw std::bad_alloc();
  bytes_in_use_ += bytes;
  return where;
}

void ShardMemory::do_deallocate(void* where, std::size_t bytes, std::size_t alignment) {
  bytes_in_use_ -= bytes;
  mi_free_size_aligned(where, bytes, alignment);
}

bool ShardMemory::do_is_equal(const std::pmr::memory_resource& other) const noexcept {
  return this == &other;
}

}  // namespace sipring
