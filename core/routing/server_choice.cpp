// SPDX-License-Identifier: MIT
#include <sipring/core/routing/server_choice.h>

#include <algorithm>
#include <optional>

namespace sipring {

const dns::Record* ServerChoice::next(Draws& draws) {
  const auto records = records_.all();
  std::optional<std::uint16_t> priority;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (is_left(i)) priority = std::min(priority.value_or(UINT16_MAX), records[i].priority);
  }
  if (!priority) return nullptr;
  const auto counts = [&](std::size_t i) { return is_left(i) && records[i].priority == *priority; };

  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < records.size(); ++i)
    if (counts(i)) sum += records[i].weight;
  const std::uint64_t drawn = draws.up_to(sum);
  // Those of weight 0 come first, so that they have a small chance too: the sum up to them is 0.
  std::uint64_t running = 0;
  for (const bool weightless : {true, false}) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (!counts(i) || (records[i].weight == 0) != weightless) continue;
      running += records[i].weight;
      if (running < drawn) continue;
      taken_ |= std::uint64_t{1} << i;
      return &records[i];
    }
  }
  return nullptr;
}

}  // namespace sipring
