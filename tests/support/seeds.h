// Which random walks a test takes: some in `make test`, many and long ones in `make soak`.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdlib>

namespace sipring::test {

// SIPRING_SEEDS=FROM,TO and SIPRING_STEPS of each, where the environment says so.
struct Seeds {
  std::uint64_t from = 1, to = 20;
  std::uint32_t steps;
  bool are_usual = true;  // together they have been everywhere, which one of them need not

  explicit Seeds(std::uint32_t usual_steps) : steps(usual_steps) {
    if (const char* const chosen = std::getenv("SIPRING_SEEDS")) {
      are_usual = false;
      char* end = nullptr;
      from = std::strtoul(chosen, &end, 10);
      to = *end == ',' ? std::strtoul(end + 1, nullptr, 10) : from;
    }
    if (const char* const chosen = std::getenv("SIPRING_STEPS"))
      steps = static_cast<std::uint32_t>(std::strtoul(chosen, nullptr, 10));
  }
};

}  // namespace sipring::test
