// Route and Record-Route (RFC 3261 sections 20.34, 20.30), Path (RFC 3327), Service-Route (RFC
// 3608): all of them lists of name-addr. A URI without brackets is forgiven. Views are into the
// value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct Route : Address {
  // "lr" (section 19.1.1); where brackets are missing it may be a header parameter.
  bool loose = false;
  bool outbound = false;  // "ob" in the URI, of a Path (RFC 5626 section 5.1)
};

// The first element of a header field's value.
Parsed<Route> parse_route(std::string_view value);

}  // namespace sipring
