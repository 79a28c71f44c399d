// SPDX-License-Identifier: MIT
#include <load/arrivals.h>

#include <cmath>

namespace sipring::app {
namespace {

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

// The parts of a Poisson process are such processes themselves, so none has a share of the start.
Arrivals::Arrivals(const ArrivalPlan& plan, Instant start)
    : plan_(plan), start_(start), arrivals_(plan.poisson ? 0 : plan.part), random_(plan.seed) {
  plan_.poisson ? pop() : set_next();
}

// A stream of unit rate, run through the inverse of the rate's integral: that makes a process of
// any rate out of one of constant rate.
void Arrivals::pop() {
  arrivals_ += plan_.parts * (plan_.poisson ? draw_exponential() : 1);
  set_next();
}

// Rounded to nanoseconds before it is compared: 3 arrivals at 0.3/s are 10 s, and no hair less.
void Arrivals::set_next() {
  const double at = seconds_until(arrivals_);
  next_ = never;
  if (at >= seconds(Duration::max())) return;
  const auto after = std::chrono::round<Duration>(std::chrono::duration<double>(at));
  if (after < plan_.duration) next_ = start_ + after;
}

// While the ramp runs the integral is r0 t + (r1 - r0) t^2 / 2T, after it a straight line.
double Arrivals::seconds_until(double arrivals) const {
  const double ramp = seconds(plan_.ramp);
  const double in_ramp = (plan_.start_rate + plan_.rate) / 2 * ramp;
  if (arrivals <= 0) return 0;
  if (arrivals >= in_ramp) return ramp + (arrivals - in_ramp) / plan_.rate;
  const double slope = (plan_.rate - plan_.start_rate) / ramp;
  const double root = std::sqrt(plan_.start_rate * plan_.start_rate + 2 * slope * arrivals);
  return 2 * arrivals / (plan_.start_rate + root);
}

// Of a number in (0, 1].
double Arrivals::draw_exponential() {
  return -std::log((static_cast<double>(random_.next() >> 11) + 1) * 0x1p-53);
}

}  // namespace sipring::app
