// SPDX-License-Identifier: MIT
#include <sipring/io/memory.h>

#include <mimalloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace sipring {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

// Tables and pools are read at random: with small pages each look costs a walk through the page
// tables, twice over in a virtual machine. Advice only, and memory is still touched as it is used.
void advise_huge_pages(void* slab, std::size_t bytes) {
  (void)::madvise(slab, bytes / huge_page * huge_page, MADV_HUGEPAGE);
}

}  // namespace

ShardMemory::ShardMemory() : heap_(mi_heap_new()) {
  if (heap_ == nullptr) throw std::bad_alloc();
}

ShardMemory::~ShardMemory() {
  mi_heap_destroy(heap_);
}

void* ShardMemory::do_allocate(std::size_t bytes, std::size_t alignment) {
  const bool is_slab = bytes >= huge_page;
  if (is_slab) alignment = std::max(alignment, huge_page);
  void* where = mi_heap_malloc_aligned(heap_, bytes, alignment);
  if (where == nullptr) throw std::bad_alloc();
  if (is_slab) advise_huge_pages(where, bytes);
  bytes_in_use_ += bytes;
  return where;
}

void ShardMemory::do_deallocate(void* where, std::size_t bytes, std::size_t alignment) {
  bytes_in_use_ -= bytes;
  mi_free_size_aligned(where, bytes,
                       bytes >= huge_page ? std::max(alignment, huge_page) : alignment);
}

bool ShardMemory::do_is_equal(const std::pmr::memory_resource& other) const noexcept {
  return this == &other;
}

}  // namespace sipring
