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

}  // namespace sipring
