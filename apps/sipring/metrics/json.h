// Metrics as JSON: an object with a member for each family, whose rows are found by their labels.
//
//   {"requests_total": {"received": {"INVITE": 3, ...}, ...}, "transactions": 2, ...}
//
// A histogram is {"count", "sum_seconds", "p50_seconds", "p99_seconds", "max_seconds"}.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/metrics.h>

#include <nlohmann/json.hpp>

namespace sipring::app {

[[nodiscard]] nlohmann::ordered_json metrics_json(const Metrics& metrics);

}  // namespace sipring::app
