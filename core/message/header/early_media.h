// P-Early-Media: RFC 5009 section 9. A direction for each media line, in their order, and two words
// about the network. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct EarlyMedia {
  enum class Kind : std::uint8_t {
    sendrecv,
    sendonly,
    recvonly,
    inactive,
    gated,
    supported,
    other
  };

  Kind kind = Kind::other;
  std::string_view text;     // as written
  std::uint32_t length = 0;  // octets up to the comma before the next element, or all of them
};

// The first element of a header field's value.
Parsed<EarlyMedia> parse_early_media(std::string_view value);

}  // namespace sipring
