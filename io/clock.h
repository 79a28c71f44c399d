// The one place that asks the time.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <ctime>

namespace sipring {

// CLOCK_MONOTONIC: never steps, and what the kernel's timed waits are measured by.
[[nodiscard]] inline Instant read_clock() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return Instant(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace sipring
