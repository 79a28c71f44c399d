// Timestamp: RFC 3261 section 20.38. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>
#include <sipring/core/time.h>

#include <string_view>

namespace sipring {

// A response returns the text of the value as it came (section 8.2.6.1); the durations are for
// whoever computes with it.
struct Timestamp {
  std::string_view value_text;  // "54.21"
  std::string_view delay_text;  // "0.5"; empty when absent
  Duration value{};             // since what only the sender knows; saturated
  Duration delay{};             // between request and response; 0 when absent; saturated
};

Parsed<Timestamp> parse_timestamp(std::string_view value);

}  // namespace sipring
