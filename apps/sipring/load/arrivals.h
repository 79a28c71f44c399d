// Arrivals: when the next call begins, in the open model: a schedule that does not wait for the far
// side. Latencies are measured from these instants, so a far side that stalls cannot hide it
// ("coordinated omission").
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <cstdint>

namespace sipring::app {

struct ArrivalPlan {
  double rate = 100;      // a second, once the ramp has ended
  double start_rate = 0;  // at the start of the ramp
  Duration ramp{};        // grows from start_rate to rate in this time; zero: rate at once
  bool poisson = false;   // gaps of exponential length, or all alike
  Duration duration = Duration::max();  // no arrival at or after this
  std::uint64_t seed = 1;               // of the gaps
};

class Arrivals {
 public:
  Arrivals(const ArrivalPlan& plan, Instant start);

  // When the next one is due; `never` after the last.
  [[nodiscard]] Instant next() const { return next_; }
  // The next one has begun.
  void pop();

 private:
  [[nodiscard]] double seconds_until(double arrivals) const;
  double draw_exponential();

  ArrivalPlan plan_;
  Instant start_;
  Instant next_{};
  double arrivals_ = 0;  // expected until next_: the integral of the rate
  std::uint64_t random_;
};

}  // namespace sipring::app
