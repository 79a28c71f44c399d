// How the durations of a run are shown: a row of a table, JSON.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/histogram.h>

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace sipring::app {

[[nodiscard]] double milliseconds(Duration duration);
[[nodiscard]] std::string histogram_head();
// Empty where nothing was recorded.
[[nodiscard]] std::string histogram_row(const char* title, const Histogram& histogram);
[[nodiscard]] nlohmann::ordered_json histogram_json(const Histogram& histogram);

}  // namespace sipring::app
