// Jitter: makes waits longer at random, and the same way again from the same seed. RFC 3261 knows
// none: clients that lost their server at one moment all ask again at one moment, too.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <cstdint>

namespace sipring {

class Jitter {
 public:
  // A wait grows by up to `per_mille` thousandths of itself, never shrinks: timers are at least
  // what the RFC says. 0: it stays as it is.
  constexpr Jitter(std::uint32_t per_mille, std::uint64_t seed)
      : per_mille_(per_mille), state_(seed) {}

  [[nodiscard]] constexpr Duration lengthen(Duration wait) {
    if (per_mille_ == 0) return wait;
    const std::uint64_t longest = static_cast<std::uint64_t>(wait.count()) / 1'000 * per_mille_;
    return wait + Duration(static_cast<std::int64_t>(draw() % (longest + 1)));
  }

 private:
  // SplitMix64 (Steele, Lea and Flood, 2014).
  constexpr std::uint64_t draw() {
    std::uint64_t word = state_ += 0x9e3779b97f4a7c15;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) * 0x94d049bb133111eb;
    return word ^ word >> 31;
  }

  std::uint32_t per_mille_;
  std::uint64_t state_;
};

}  // namespace sipring
