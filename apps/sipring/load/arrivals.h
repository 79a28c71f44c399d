// Arrivals: when the next call begins, in the open model: a schedule that does not wait for the far
// side. Latencies are measured from these instants, so a far side that stalls cannot hide it
// ("coordinated omission"). A constant rate begins at once: R a second for S seconds are R*S, the
// k-th of them (from 0) after k/R seconds. Several threads deal them out like cards, so together
// they begin what one alone would.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/pools/random.h>

#include <cstdint>

namespace sipring::app {

struct ArrivalPlan {
  double rate = 100;      // a second, once the ramp has ended; of all parts together
  double start_rate = 0;  // at the start of the ramp
  Duration ramp{};        // grows from start_rate to rate in this time; zero: rate at once
  bool poisson = false;   // gaps of exponential length, or all alike
  Duration duration = Duration::max();  // no arrival at or after this
  std::uint64_t seed = 1;               // of the gaps
  std::uint32_t part = 0, parts = 1;    // the arrivals of this part: each `parts`-th, from `part`
};

class Arrivals {
 public:
  Arrivals(const ArrivalPlan& plan, Instant start);

  // When the next one is due; `never` after the last.
  [[nodiscard]] Instant next() const { return next_; }
  // The next one has begun.
  void pop();

 private:
  void set_next();
  [[nodiscard]] double seconds_until(double arrivals) const;
  double draw_exponential();

  ArrivalPlan plan_;
  Instant start_;
  Instant next_{};
  double arrivals_;  // expected until next_, of all parts: the integral of the rate
  SplitMix64 random_;
};

}  // namespace sipring::app
