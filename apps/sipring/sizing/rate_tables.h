// What a rate needs of a shard's pools, and what a memory carries: rows of `sipring capacity`.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/limits.h>
#include <sipring/core/transaction/timers.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sipring::app {

// Of requests or of calls alone, remembered as long as it is safe, or to the end of their timers.
struct RateRow {
  std::string name;  // "requests, all remembered"
  double rate = 0;   // a second, for ever, over UDP
  std::uint32_t transactions = 0;
  std::uint64_t bytes = 0;  // at most; calls themselves apart
};

[[nodiscard]] std::vector<RateRow> needs_of_rate(double rate, const Limits& limits,
                                                 const TimerSettings& timers);
// With as many calls as transactions, which are in `bytes`.
[[nodiscard]] std::vector<RateRow> rates_within(std::uint64_t bytes, const Limits& limits,
                                                const TimerSettings& timers);

}  // namespace sipring::app
