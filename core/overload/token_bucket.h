// TokenBucket: a limit on a rate that remembers one instant (the generic cell rate algorithm, which
// is also the leaky bucket of RFC 7415 section 3.5).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <algorithm>
#include <cstdint>

namespace sipring {

// So many a second in the long run, and `burst` of them at once after a pause.
struct Rate {
  Duration interval{};  // between two at the full rate
  Duration tolerance{};

  [[nodiscard]] static constexpr Rate per_second(std::uint32_t rate, std::uint32_t burst) {
    const Duration interval = Duration(std::chrono::seconds(1)) / std::max(rate, 1U);
    return {interval, interval * (std::max(burst, 1U) - 1)};
  }
};

class TokenBucket {
 public:
  // Whether one more conforms; it is counted then.
  [[nodiscard]] bool take(Instant now, const Rate& rate) {
    if (due_ > now + rate.tolerance) return false;
    due_ = std::max(due_, now) + rate.interval;
    return true;
  }
  // When it is full again: nothing that came before then matters any more.
  [[nodiscard]] Instant full_at() const { return due_; }

 private:
  Instant due_ = Instant::min();  // of the next one, if they came at the full rate
};

}  // namespace sipring
