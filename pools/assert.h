// Two assertions for our own mistakes; a peer's mistake is a value, never an assertion.
// SPDX-License-Identifier: MIT
#pragma once

namespace sipring::detail {
[[noreturn]] void assertion_failed(const char* fact, const char* file, int line) noexcept;
}  // namespace sipring::detail

// One fact that must hold, checked in every build.
#define SIPRING_ASSERT(fact) \
  ((fact) ? void() : ::sipring::detail::assertion_failed(#fact, __FILE__, __LINE__))

// A fact that may be slow to check: debug builds only.
#ifdef NDEBUG
#define SIPRING_VERIFY(fact) void(sizeof(!(fact)))
#else
#define SIPRING_VERIFY(fact) SIPRING_ASSERT(fact)
#endif
