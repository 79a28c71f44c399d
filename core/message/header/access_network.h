// P-Access-Network-Info and P-Visited-Network-ID: RFC 7315 sections 4.4, 4.3, 5.4, 5.3. Views are
// into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct AccessNetwork {
  // access-type or access-class as written: "3GPP-E-UTRAN-FDD", "ADSL2+" ...
  std::string_view type;
  bool network_provided = false;  // a proxy wrote it, not the user's device
  std::string_view utran_cell_id_3gpp, cgi_3gpp, dsl_location, local_time_zone;  // without quotes
  std::string_view parameters;  // all of them, from the first ';'
  std::uint32_t length = 0;     // octets up to the comma before the next element, or all of them
  Forgiven forgiven = {};
};
// The first element of a header field's value.
Parsed<AccessNetwork> parse_access_network_info(std::string_view value);

struct VisitedNetwork {
  std::string_view name;        // token or quoted-string, without quotes; escapes stay
  std::string_view parameters;  // all of them, from the first ';'
  std::uint32_t length = 0;     // octets up to the comma before the next element, or all of them
  Forgiven forgiven = {};
};
// The first element of a header field's value.
Parsed<VisitedNetwork> parse_visited_network_id(std::string_view value);

}  // namespace sipring
