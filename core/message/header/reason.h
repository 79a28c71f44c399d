// Reason: RFC 3326 section 2. Why a request or response was sent, in the words of a protocol. Views
// are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

struct Reason {
  std::string_view protocol;           // "SIP", "Q.850" ... as written
  std::optional<std::uint32_t> cause;  // a status code of SIP, a cause value of Q.850
  std::string_view text;               // without quotes; escapes stay
  std::string_view parameters;         // all of them, from the first ';'
  std::uint32_t length = 0;  // octets up to the comma before the next element, or all of them
  Forgiven forgiven;
};

// The first element of a header field's value.
Parsed<Reason> parse_reason(std::string_view value);

}  // namespace sipring
