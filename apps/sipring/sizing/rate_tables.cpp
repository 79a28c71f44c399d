// SPDX-License-Identifier: MIT
#include <sizing/pool_sizes.h>
#include <sizing/rate_tables.h>

#include <algorithm>

namespace sipring::app {
namespace {

struct Kind {
  const char* name;
  double SteadyRates::*rate;
  Remembered remembered;
};
constexpr Kind kinds[] = {
    {"requests", &SteadyRates::requests, Remembered::as_long_as_safe},
    {"requests, all remembered", &SteadyRates::requests, Remembered::to_the_end},
    {"calls", &SteadyRates::calls, Remembered::as_long_as_safe},
    {"calls, all remembered", &SteadyRates::calls, Remembered::to_the_end}};

}  // namespace

std::vector<RateRow> needs_of_rate(double rate, const Limits& limits, const TimerSettings& timers) {
  std::vector<RateRow> rows;
  for (const Kind& kind : kinds) {
    SteadyRates rates;
    rates.*kind.rate = rate;
    Limits needed = limits;
    needed.transactions = transactions_for(rates, limits, timers, kind.remembered);
    rows.push_back({kind.name, rate, needed.transactions, bytes_of(needed)});
  }
  return rows;
}

std::vector<RateRow> rates_within(std::uint64_t bytes, const Limits& limits,
                                  const TimerSettings& timers) {
  Limits within = limits;
  within.transactions = within.calls = transactions_within(bytes, limits);
  std::vector<RateRow> rows;
  for (const Kind& kind : kinds) {
    rows.push_back({kind.name, steady_rates(within, timers, kind.remembered).*kind.rate,
                    within.transactions, bytes_of(within)});
  }
  return rows;
}

}  // namespace sipring::app
