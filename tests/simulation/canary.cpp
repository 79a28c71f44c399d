// SPDX-License-Identifier: MIT
#include "tests/simulation/canary.h"

#include <utility>

namespace sipring::simulation {

std::optional<Canary> canary_from(std::string_view name) {
  using enum Canary::Kind;
  constexpr std::pair<std::string_view, Canary::Kind> kinds[] = {
      {"swapped_branch", swapped_branch},
      {"lost_output", lost_output},
      {"wrong_t1", wrong_t1},
      {"wrong_t2", wrong_t2},
      {"wrong_t4", wrong_t4},
      {"short_memory", short_memory},
      {"swallowed_timer", swallowed_timer},
      {"doubled_timer", doubled_timer},
      {"wrong_shard", wrong_shard},
      {"lost_letter", lost_letter},
      {"lost_receipt", lost_receipt},
      {"stale_flow", stale_flow}};
  for (const auto& [text, kind] : kinds)
    if (text == name) return Canary{.kind = kind};
  constexpr std::pair<std::string_view, Canary::Kind> prefixes[] = {{"late_", late_timer},
                                                                    {"early_", early_timer}};
  for (const auto& [prefix, kind] : prefixes) {
    if (!name.starts_with(prefix)) continue;
    if (const auto timer = timer_from(name.substr(prefix.size())))
      return Canary{.kind = kind, .timer = *timer};
  }
  return std::nullopt;
}

}  // namespace sipring::simulation
