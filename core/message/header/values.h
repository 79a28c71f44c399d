// Header fields whose value is one word or one number: Call-ID, Max-Forwards, Content-Length,
// Expires (RFC 3261 section 20).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

Parsed<std::string_view> parse_call_id(std::string_view value);      // section 20.8
Parsed<std::uint32_t> parse_max_forwards(std::string_view value);    // section 20.22: 0 to 255
Parsed<std::uint32_t> parse_content_length(std::string_view value);  // section 20.14
Parsed<std::uint32_t> parse_expires(
    std::string_view value);  // section 20.19: values above 2^32-1 become 2^32-1

}  // namespace sipring
