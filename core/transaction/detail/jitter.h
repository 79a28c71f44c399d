// Jitter: makes waits longer at random, and the same way again from the same seed. RFC 3261 knows
// none: clients that lost their server at one moment all ask again at one moment, too.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/pools/random.h>

#include <cstdint>

namespace sipring {

class Jitter {
 public:
  // A wait grows by up to `per_mille` thousandths of itself, never shrinks: timers are at least
  // what the RFC says. 0: it stays as it is.
  constexpr Jitter(std::uint32_t per_mille, std::uint64_t seed)
      : per_mille_(per_mille), random_(seed) {}

  [[nodiscard]] constexpr Duration lengthen(Duration wait) {
    if (per_mille_ == 0) return wait;
    const std::uint64_t longest = static_cast<std::uint64_t>(wait.count()) / 1'000 * per_mille_;
    return wait + Duration(static_cast<std::int64_t>(random_.up_to(longest)));
  }

 private:
  std::uint32_t per_mille_;
  SplitMix64 random_;
};

}  // namespace sipring
