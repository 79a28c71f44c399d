// The C library's allocation and operator new, with a count in front.
// SPDX-License-Identifier: MIT
#include "tests/no_allocation/allocations.h"

#include <cstdlib>
#include <new>

namespace {

// Compilers take it for granted that malloc() changes nothing that a program can see.
thread_local volatile std::size_t count = 0;
void count_allocation() {
  count = count + 1;
}

}  // namespace

namespace sipring::test {

std::size_t allocations() {
  return count;
}

}  // namespace sipring::test

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* where, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* where);

void* malloc(std::size_t size) {
  count_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  count_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* where, std::size_t size) {
  count_allocation();
  return __libc_realloc(where, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count_allocation();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** where, std::size_t alignment, std::size_t size) {
  *where = aligned_alloc(alignment, size);
  return 0;
}
void free(void* where) {
  __libc_free(where);
}
}

// mimalloc brings an operator new of its own, which would not end in our malloc.
void* operator new(std::size_t size) {
  return malloc(size);
}
void* operator new[](std::size_t size) {
  return malloc(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return malloc(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return malloc(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return aligned_alloc(static_cast<std::size_t>(alignment), size);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return aligned_alloc(static_cast<std::size_t>(alignment), size);
}
void operator delete(void* where) noexcept {
  free(where);
}
void operator delete[](void* where) noexcept {
  free(where);
}
void operator delete(void* where, std::size_t) noexcept {
  free(where);
}
void operator delete[](void* where, std::size_t) noexcept {
  free(where);
}
void operator delete(void* where, std::align_val_t) noexcept {
  free(where);
}
void operator delete[](void* where, std::align_val_t) noexcept {
  free(where);
}
void operator delete(void* where, std::size_t, std::align_val_t) noexcept {
  free(where);
}
void operator delete[](void* where, std::size_t, std::align_val_t) noexcept {
  free(where);
}
