// TokenBucket: lets `burst` things through at once, and one more each time `interval` has passed.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <algorithm>
#include <cstdint>

namespace sipring {

class TokenBucket {
 public:
  TokenBucket(std::uint32_t burst, Duration interval)
      : burst_(burst), interval_(interval), tokens_(burst) {}

  // Whether one more gets through. `now` never goes back.
  [[nodiscard]] bool take(Instant now) {
    fill(now);
    if (tokens_ == 0) return false;
    if (tokens_-- == burst_) filled_ = now;  // a full bucket gains nothing
    return true;
  }

 private:
  void fill(Instant now) {
    const std::int64_t gained = (now - filled_) / interval_;
    if (tokens_ == burst_ || gained <= 0) return;
    tokens_ = static_cast<std::uint32_t>(std::min<std::int64_t>(burst_, tokens_ + gained));
    filled_ += gained * interval_;
  }

  std::uint32_t burst_;
  Duration interval_;
  std::uint32_t tokens_;
  Instant filled_{};
};

}  // namespace sipring
