// Refer-To (RFC 3515 section 2.1) and Referred-By (RFC 3892 section 3). Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// What the referred request is to be: its URI, method, and header fields from the URI's headers.
struct ReferTo : Address {
  std::string_view method;    // of the URI; empty when absent: INVITE
  std::string_view replaces;  // the URI's header of that name, escapes and all; see uri_writer.h
};
Parsed<ReferTo> parse_refer_to(std::string_view value);

struct ReferredBy : Address {
  std::string_view content_id;  // "cid", without quotes: the body part with the referrer's token
};
Parsed<ReferredBy> parse_referred_by(std::string_view value);

}  // namespace sipring
