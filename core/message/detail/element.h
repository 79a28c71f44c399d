// A header field's value of the shape that most of them have: something short, then parameters, up
// to the comma before the next element (RFC 3261 section 7.3.1).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring::detail {

// What stands before the parameters.
enum class Head : std::uint8_t {
  token,        // Reason, Security-Client, Answer-Mode ...
  access_type,  // the same; a quoted string may stand for a parameter: P-Access-Network-Info
  word,         // token or quoted-string: User-to-User, P-Visited-Network-ID
  call_id,      // Replaces, Join, Target-Dialog
  star,         // Feature-Caps
  error_code,   // 1*3DIGIT: Geolocation-Error
  hex,          // lower-case hexadecimal digits: Session-ID
  parameter,    // the first parameter itself, without ";": P-Charging-Vector
};

struct Element {
  std::string_view head;        // a quoted one keeps its quotes
  std::string_view parameters;  // from the first ';'
  std::uint32_t length = 0;     // octets up to the comma before the next element, or all of them
  Forgiven forgiven;            // among the parameters, and in a Call-ID; offsets within the value
};

// The first element of `value`.
[[nodiscard]] Parsed<Element> read_element(std::string_view value, Head head);

}  // namespace sipring::detail
