// User-to-User: RFC 7433 section 4.1. What the users' applications tell each other. Views are into
// the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct UserToUser {
  std::string_view data;        // token or quoted-string, without quotes; escapes stay
  std::string_view purpose;     // the package; empty when absent: isdn-uui
  std::string_view content;     // what the data are
  std::string_view encoding;    // "hex" ...
  std::string_view parameters;  // all of them, from the first ';'
  std::uint32_t length = 0;     // octets up to the comma before the next element, or all of them
  Forgiven forgiven = {};
};

// The first element of a header field's value.
Parsed<UserToUser> parse_user_to_user(std::string_view value);

}  // namespace sipring
