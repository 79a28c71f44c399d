// SPDX-License-Identifier: MIT
#include <sipring/io/detail/memory.h>

#include <sipring/pools/detail/pages.h>

#include <mimalloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <new>

namespace sipring {
namespace {

// Advice only.
void advise_pages(void* slab, std::size_t bytes, bool huge) {
  (void)::madvise(slab, bytes / huge_page * huge_page, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
}

void touch(void* slab, std::size_t bytes) {
  volatile char* const octets = static_cast<char*>(slab);
  for (std::size_t at = 0; at < bytes; at += small_page) octets[at] = 0;
}

// What is large has its pages to itself.
std::size_t alignment_for(std::size_t bytes, std::size_t alignment) {
  return bytes >= huge_page ? std::max(alignment, huge_page) : alignment;
}

}  // namespace

// From the first page that is nobody's: on the one before it may be what is in use.
void bring(std::span<std::byte> memory) {
  const auto start = reinterpret_cast<std::uintptr_t>(memory.data());
  const std::uintptr_t from = (start + small_page - 1) / small_page * small_page;
  const std::uintptr_t end = start + memory.size();
  if (from >= end) return;
  void* const pages = memory.data() + (from - start);
  if (::madvise(pages, end - from, MADV_POPULATE_WRITE) == 0) return;
  touch(pages, end - from);  // before Linux 5.14
}

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
  void* where = mi_heap_malloc_aligned(heap_, bytes, alignment_for(bytes, alignment));
  if (where == nullptr) throw std::bad_alloc();
  if (bytes >= huge_page) advise_pages(where, bytes, touched_ || alignment >= huge_page);
  if (touched_) touch(where, bytes);
  bytes_in_use_ += bytes;
  return where;
}

void ShardMemory::do_deallocate(void* where, std::size_t bytes, std::size_t alignment) {
  bytes_in_use_ -= bytes;
  mi_free_size_aligned(where, bytes, alignment_for(bytes, alignment));
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
