// SPDX-License-Identifier: MIT
#include <load/histogram_report.h>
#include <load/phone_report.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string_view>

namespace sipring::app {
namespace {

// What went wrong is shown where it did.
std::string row(std::string_view title, std::uint64_t count) {
  return count == 0 ? "" : fmt::format("  {:<22}{:>10}\n", title, count);
}

}  // namespace

std::string phones_text(const PhoneTally& tally) {
  return fmt::format("  {} of {} phones registered, {} refreshed, {} removed\n", tally.registered,
                     tally.phones, tally.refreshed, tally.removed) +
         row("REGISTER refused", tally.refused) + row("connections lost", tally.lost_flows) +
         fmt::format("  {} calls arrived, {} of them from here; {} answered, {} completed\n",
                     tally.arrived, tally.matched, tally.answered, tally.completed) +
         row("cancelled", tally.cancelled) + row("not completed", tally.failed) +
         row("open in the end", tally.open) + row("by another connection", tally.elsewhere) +
         row("to another phone", tally.misrouted) + row("2xx sent once more", tally.repeated);
}

std::string phone_rows(const PhoneTally& tally) {
  return histogram_row("registration", tally.registration) +
         histogram_row("due to arrival", tally.arrival) +
         histogram_row("arrival to ACK", tally.setup);
}

nlohmann::ordered_json phones_json(const PhoneTally& tally) {
  return {{"phones", tally.phones},
          {"registered", tally.registered},
          {"refreshed", tally.refreshed},
          {"refused", tally.refused},
          {"lost_connections", tally.lost_flows},
          {"removed", tally.removed},
          {"arrived", tally.arrived},
          {"matched", tally.matched},
          {"answered", tally.answered},
          {"completed", tally.completed},
          {"cancelled", tally.cancelled},
          {"failed", tally.failed},
          {"open", tally.open},
          {"other_connection", tally.elsewhere},
          {"other_phone", tally.misrouted},
          {"repeated_2xx", tally.repeated},
          {"registration", histogram_json(tally.registration)},
          {"arrival", histogram_json(tally.arrival)},
          {"setup", histogram_json(tally.setup)}};
}

}  // namespace sipring::app
