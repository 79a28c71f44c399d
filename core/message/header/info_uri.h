// Call-Info, Alert-Info, Error-Info: RFC 3261 sections 20.9, 20.4, 20.18. Lists of absolute URIs in
// brackets; one without brackets is forgiven. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// An address that never has a display name.
struct InfoUri : Address {
  std::string_view purpose;  // of Call-Info: "icon", "info", "card" ...; empty when absent
};

// The first element of a header field's value.
Parsed<InfoUri> parse_info_uri(std::string_view value);

}  // namespace sipring
