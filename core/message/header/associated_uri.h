// P-Associated-URI and P-Called-Party-ID: RFC 7315 sections 4.1, 4.2, 5.1, 5.2. Both are name-addr;
// a URI without brackets is forgiven. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct AssociatedUri : Address {};
// The first element of a header field's value.
Parsed<AssociatedUri> parse_associated_uri(std::string_view value);

struct CalledParty : Address {};
Parsed<CalledParty> parse_called_party_id(std::string_view value);

}  // namespace sipring
