// Entropy: randomness as an input.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring {

// A run is a function of its seed. Keep it secret in production.
struct Entropy {
  std::uint64_t words[4] = {};
};

}  // namespace sipring
