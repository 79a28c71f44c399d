// The highest rate that a target still serves well: doubled until it does not, then halved in
// between until the answer is known closely enough.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace sipring::app {

struct LimitSearch {
  double start_rate = 100;
  double precision = 0.05;  // the bounds differ by less than this share of the lower one
  double most = 1e7;        // a rate at which the search ends, passed or not
};

// `passes(rate)` runs one step. Zero when not even one a second passes.
[[nodiscard]] double find_limit(const LimitSearch& search,
                                const std::function<bool(double rate)>& passes);

}  // namespace sipring::app
