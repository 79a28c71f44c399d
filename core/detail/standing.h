// Standing: whether one of several servers is avoided because it failed, and its way back. It is
// avoided for a while, twice as long each time; then one request tries it, while all others still
// go elsewhere until it is known how that one ended.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <algorithm>
#include <cstdint>

namespace sipring {

// How long one that failed is avoided.
struct Avoidance {
  Duration first = std::chrono::seconds(30);
  Duration most = std::chrono::minutes(5);
};

class Standing {
 public:
  [[nodiscard]] bool is_avoided(Instant now) const { return now < avoided_until(); }
  [[nodiscard]] bool is_good() const { return failures_ == 0; }
  [[nodiscard]] Instant avoided_until() const { return std::max(until_, trial_until_); }

  void failed(Instant now, const Avoidance& avoidance) {
    constexpr std::uint8_t most_doublings = 16;
    const Duration longer = avoidance.first * (std::int64_t{1} << failures_);
    until_ = std::max(until_, now + std::min(longer, avoidance.most));
    failures_ = std::min<std::uint8_t>(failures_ + 1, most_doublings);
    trial_until_ = Instant::min();
  }
  // It said itself for how long it wants to be left alone.
  void asked_for(Instant now, Duration pause) {
    until_ = std::max(until_, now + pause);
    failures_ = std::max<std::uint8_t>(failures_, 1);
    trial_until_ = Instant::min();
  }
  // A request goes there. Where one has failed before, nobody else does until it is known how that
  // one ended, or for `at_most`.
  void tried(Instant now, Duration at_most) {
    if (failures_ != 0) trial_until_ = std::max(trial_until_, now + at_most);
  }
  void succeeded() { *this = {}; }

 private:
  Instant until_ = Instant::min();
  Instant trial_until_ = Instant::min();
  std::uint8_t failures_ = 0;
};

}  // namespace sipring
