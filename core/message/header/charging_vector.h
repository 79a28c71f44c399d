// P-Charging-Vector: RFC 7315 sections 4.6, 5.6. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// Values are without quotes; escapes stay.
struct ChargingVector {
  std::string_view icid;                // icid-value: what correlates the charging records
  std::string_view icid_generated_at;   // the host that made it
  std::string_view orig_ioi, term_ioi;  // operators at both ends
  std::string_view transit_ioi;         // and between them: a comma-separated list
  std::string_view related_icid, related_icid_generated_at;
  std::string_view parameters;  // those behind icid-value, from the first ';'
  std::uint32_t length = 0;     // all octets: the header field is no list
  Forgiven forgiven = {};
};

Parsed<ChargingVector> parse_charging_vector(std::string_view value);

}  // namespace sipring
