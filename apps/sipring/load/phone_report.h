// How registrations and incoming calls of a run are shown.
// SPDX-License-Identifier: MIT
#pragma once

#include <load/phone_tally.h>

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace sipring::app {

[[nodiscard]] std::string phones_text(const PhoneTally& tally);
// Of the table of durations.
[[nodiscard]] std::string phone_rows(const PhoneTally& tally);
[[nodiscard]] nlohmann::ordered_json phones_json(const PhoneTally& tally);

}  // namespace sipring::app
