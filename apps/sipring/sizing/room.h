// Room: what the pools of a shard carry for ever, for people and for programs.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace sipring::app {

// "each shard carries 114688 requests/s or 57344 calls/s for ever (UDP, T1 = 500 ms) and 524288
// calls at once, in 1.6 GiB at most"
[[nodiscard]] std::string room_text(const Settings& settings);
// {"transactions", "calls", "requests_per_second", "calls_per_second", "bytes"}, of a shard.
[[nodiscard]] nlohmann::ordered_json room_json(const Settings& settings);

}  // namespace sipring::app
