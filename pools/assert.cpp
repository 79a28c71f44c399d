// SPDX-License-Identifier: MIT
#include <sipring/pools/assert.h>

#include <cstdio>
#include <cstdlib>

namespace sipring::detail {

void assertion_failed(const char* fact, const char* file, int line) noexcept {
  std::fprintf(stderr, "sipring: assertion failed: %s (%s:%d)\n", fact, file, line);
  std::abort();
}

}  // namespace sipring::detail
