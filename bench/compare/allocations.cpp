// malloc and its kin stand before those of the C library, which has them under a second name.
// SPDX-License-Identifier: MIT
#include "allocations.h"

#include <cstddef>

extern "C" {
void* libc_malloc(std::size_t size) __asm__("__libc_malloc");
void* libc_calloc(std::size_t count, std::size_t size) __asm__("__libc_calloc");
void* libc_realloc(void* memory, std::size_t size) __asm__("__libc_realloc");
}

namespace {
std::uint64_t count = 0;  // these programs have one thread
}  // namespace

extern "C" {
void* malloc(std::size_t size) {
  ++count;
  return libc_malloc(size);
}
void* calloc(std::size_t number, std::size_t size) {
  ++count;
  return libc_calloc(number, size);
}
void* realloc(void* memory, std::size_t size) {
  ++count;
  return libc_realloc(memory, size);
}
}

std::uint64_t compare::allocations() {
  return count;
}
