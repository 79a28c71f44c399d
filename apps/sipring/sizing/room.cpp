// SPDX-License-Identifier: MIT
#include <sizing/byte_count.h>
#include <sizing/pool_sizes.h>
#include <sizing/room.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>

namespace sipring::app {
namespace {

SteadyRates rates_of(const Settings& settings) {
  return steady_rates(settings.limits, settings.timers, Remembered::as_long_as_safe);
}

std::uint64_t whole(double rate) {
  return static_cast<std::uint64_t>(std::floor(rate));
}

}  // namespace

std::string room_text(const Settings& settings) {
  const auto [requests, calls] = rates_of(settings);
  const std::string at_once =
      settings.limits.calls == 0 ? "" : fmt::format(" and {} calls at once", settings.limits.calls);
  return fmt::format(
      "each shard carries {} requests/s or {} calls/s for ever (UDP, T1 = {:.0f} ms){}, in {} at "
      "most",
      whole(requests), whole(calls),
      std::chrono::duration<double, std::milli>(settings.timers.t1).count(), at_once,
      byte_count_text(bytes_of(settings.limits)));
}

nlohmann::ordered_json room_json(const Settings& settings) {
  const auto [requests, calls] = rates_of(settings);
  return {{"transactions", settings.limits.transactions},
          {"calls", settings.limits.calls},
          {"requests_per_second", whole(requests)},
          {"calls_per_second", whole(calls)},
          {"bytes", bytes_of(settings.limits)}};
}

}  // namespace sipring::app
