// SPDX-License-Identifier: MIT
#include <sipring/io/detail/memory.h>

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

void touch(void* slab, std::size_t bytes) {
  constexpr std::size_t page = 4096;
  volatile char* const octets = static_cast<char*>(slab);
  for (std::size_t at = 0; at < bytes; at += page) octets[at] = 0;
}

}  // namespace

ShardMemory::ShardMemory(bool touched) : heap_(mi_heap_new()), touched_(touched) {
  if (heap_ == nullptr) throw std::bad_alloc();
}

// Not mi_heap_destroy(): among its pages there may be such as a thread that has ended has left
// behind, with objects in them that somebody still uses (mimalloc 2.0.9 gives them to whichever
// heap needs a page, to this one too).
ShardMemory::~ShardMemory() {
  mi_heap_delete(heap_);
}

void* ShardMemory::do_allocate(std::size_t bytes, std::size_t alignment) {
  const bool is_slab = bytes >= huge_page;
  if (is_slab) alignment = std::max(alignment, huge_page);
  void* where = mi_heap_malloc_aligned(heap_, bytes, alignment);
  if (where == nullptr) throw std::bad_alloc();
  if (is_slab) advise_huge_pages(where, bytes);
  if (touched_) touch(where, bytes);
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

SparseMemory::SparseMemory(std::size_t bytes) : bytes_(bytes) {
  void* const where = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (where == MAP_FAILED) throw std::bad_alloc();
  (void)::madvise(where, bytes, MADV_NOHUGEPAGE);
  where_ = static_cast<char*>(where);
}

SparseMemory::~SparseMemory() {
  (void)::munmap(where_, bytes_);
}

}  // namespace sipring
