// Geolocation, Geolocation-Routing, Geolocation-Error: RFC 6442 sections 4.1 to 4.4. Views are into
// the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// A location by reference, or a body part by its Content-ID. No display name; a URI without
// brackets is forgiven.
struct Geolocation : Address {
  std::string_view content_id;  // of a "cid:" URI (RFC 2392), escapes and all; else empty
};
// The first element of a header field's value.
Parsed<Geolocation> parse_geolocation(std::string_view value);

// May the location be used to route? Only "yes" says so; values that nobody knows say no
// (section 4.2).
Parsed<bool> parse_geolocation_routing(std::string_view value);

struct GeolocationError {
  std::uint16_t number = 0;     // the error: three digits at most (section 4.4)
  std::string_view digits;      // as written
  std::string_view text;        // "code": for a human, without quotes; escapes stay
  std::string_view parameters;  // all of them, from the first ';'
  std::uint32_t length = 0;     // all octets: the header field is no list
  Forgiven forgiven;
};
Parsed<GeolocationError> parse_geolocation_error(std::string_view value);

}  // namespace sipring
