// Warning: RFC 3261 section 20.43. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct Warning {
  std::uint16_t code = 0;    // 100 to 999: "3xx" by the RFC, 399 miscellaneous
  std::string_view agent;    // host with or without port, or a pseudonym
  std::string_view text;     // its quotes stay; unquote() says it
  std::uint32_t length = 0;  // octets up to the comma before the next one, or all of them
};

// The first one of a list.
Parsed<Warning> parse_warning(std::string_view value);

}  // namespace sipring
