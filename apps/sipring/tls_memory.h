// Memory of OpenSSL: from mimalloc, whose free lists are each thread's own, and counted.
//
// OpenSSL takes some memory for each record and gives it back with it. That costs little, but it is
// the only thing that goes to the system's allocator once a shard has begun, with whatever locks
// that has. Only a whole program may decide this, and only before OpenSSL has taken any memory.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring::app {

// False: OpenSSL has memory already, and keeps the system's.
bool give_tls_its_memory();

// How often this thread has taken some since.
[[nodiscard]] std::uint64_t tls_allocations();

}  // namespace sipring::app
