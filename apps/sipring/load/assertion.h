// Assertion: what a run must have reached, as the command line says it: "p99<20ms",
// "failures<0.1%", "rate>=5000". The exit status tells whether it has.
// SPDX-License-Identifier: MIT
#pragma once

#include <load/generator.h>

#include <expected>
#include <string>
#include <string_view>

namespace sipring::app {

class Assertion {
 public:
  // METRIC OP NUMBER UNIT. Metrics: mean, max, pN (percentile of the response time, N may have a
  // fraction); failures (% of those begun, or a count without the %); retransmissions (count); rate
  // (begun a second); counts of phones: registered, arrived, answered, completed, not-completed,
  // other-connection; arrival-pN and setup-pN. Units of times: us, ms, s. The error is a sentence.
  [[nodiscard]] static std::expected<Assertion, std::string> parse(std::string_view text);

  [[nodiscard]] bool holds(const LoadResult& result) const;
  [[nodiscard]] double measured(const LoadResult& result) const;  // in the assertion's unit
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& unit() const { return unit_; }

 private:
  enum class Metric { percentile, mean, max, failure_share, count };
  enum class Comparison { less, at_most, greater, at_least };

  std::string text_;
  std::string unit_;
  Metric metric_ = Metric::percentile;
  double (*count_)(const LoadResult&) = nullptr;  // of Metric::count
  const Histogram& (*times_)(const LoadTally&) = nullptr;
  Comparison comparison_ = Comparison::less;
  double percent_ = 0;
  double bound_ = 0;
  double nanoseconds_ = 1;  // of the unit
};

}  // namespace sipring::app
