// Time is a parameter: core has a clock type for its points in time, and no way to ask it anything.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace sipring {

// A clock without now(): io/clock.h reads the time, tests invent it.
struct Clock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;
};

using Instant = Clock::time_point;
using Duration = Clock::duration;

inline constexpr Instant never = Instant::max();

// When something began, in half the room of an Instant: in steps of 2^shift ns.
template <int shift>
class BasicBeginning {
 public:
  BasicBeginning() = default;
  explicit BasicBeginning(Instant now) : steps_(steps_at(now)) {}
  [[nodiscard]] Duration until(Instant now) const {
    return Duration(std::int64_t{static_cast<std::int32_t>(steps_at(now) - steps_)} << shift);
  }

 private:
  static std::uint32_t steps_at(Instant now) {
    return static_cast<std::uint32_t>(now.time_since_epoch().count() >> shift);
  }
  std::uint32_t steps_ = 0;
};

using Beginning = BasicBeginning<12>;      // 4.1 us, for up to 2.4 hours
using LongBeginning = BasicBeginning<20>;  // 1.05 ms, for up to 26 days

}  // namespace sipring
