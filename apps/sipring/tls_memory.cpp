// SPDX-License-Identifier: MIT
#include "tls_memory.h"

#include <mimalloc.h>
#include <openssl/crypto.h>

namespace sipring::app {
namespace {

thread_local std::uint64_t count = 0;

void* take(std::size_t size, const char* /*file*/, int /*line*/) {
  ++count;
  return mi_malloc(size);
}

void* resize(void* where, std::size_t size, const char* /*file*/, int /*line*/) {
  ++count;
  return mi_realloc(where, size);
}

void give_back(void* where, const char* /*file*/, int /*line*/) {
  mi_free(where);
}

}  // namespace

bool give_tls_its_memory() {
  return CRYPTO_set_mem_functions(take, resize, give_back) == 1;
}

std::uint64_t tls_allocations() {
  return count;
}

}  // namespace sipring::app
