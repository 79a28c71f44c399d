// Diversion: RFC 5806 section 4. A URI without brackets is forgiven. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

struct Diversion : Address {
  enum class Reason : std::uint8_t {
    unknown,
    user_busy,
    no_answer,
    unavailable,
    unconditional,
    time_of_day,
    do_not_disturb,
    deflection,
    follow_me,
    out_of_service,
    away,
    other,
  };
  Reason reason = Reason::unknown;       // also when absent
  std::string_view reason_text;          // as written, without quotes; empty when absent
  std::optional<std::uint32_t> counter;  // how often the call was diverted: 0 to 99
  std::optional<std::uint32_t> limit;    // how often it may be
  std::string_view privacy;              // "full", "name", "uri", "off" ..., without quotes
  std::string_view screen;               // "yes", "no" ...
};

// The first element of a header field's value.
Parsed<Diversion> parse_diversion(std::string_view value);

}  // namespace sipring
