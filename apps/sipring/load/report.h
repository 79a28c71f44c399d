// How a run of `sipring load` is shown: a line a second, a table at the end, JSON for machines.
// SPDX-License-Identifier: MIT
#pragma once

#include <load/generator.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sipring::app {

[[nodiscard]] std::string load_line(const LoadResult& before, const LoadResult& now);
[[nodiscard]] std::string load_table(const LoadResult& result, Scenario scenario);
[[nodiscard]] std::string load_json(const LoadResult& result, Scenario scenario);

// Reasons to believe that the generator, not the target, was the limit; empty: none.
[[nodiscard]] std::vector<std::string> own_limits(const LoadResult& result);

[[nodiscard]] const char* to_string(Scenario scenario);

}  // namespace sipring::app
