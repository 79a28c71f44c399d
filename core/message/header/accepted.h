// Codings and languages with a preference: Accept-Encoding and Accept-Language (RFC 3261 sections
// 20.2, 20.3). Accept is in header/media_type.h. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/detail/quality.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct Accepted {
  std::string_view name;  // "gzip", "en-GB"; "*": any that is not named
  std::string_view parameters;
  Quality quality = {};
  std::uint32_t length = 0;  // octets up to the comma before the next one, or all of them
  Forgiven forgiven = {};
};

Parsed<Accepted> parse_accept_encoding(std::string_view value);
// Subtags with digits are read too: "es-419" (RFC 5646), which RFC 3261 did not know yet.
Parsed<Accepted> parse_accept_language(std::string_view value);

}  // namespace sipring
