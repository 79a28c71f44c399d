// Retry-After: RFC 3261 section 20.33. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

struct RetryAfter {
  std::uint32_t seconds = 0;              // above 2^32-1 they are 2^32-1
  std::string_view comment;               // with its parentheses; empty when absent
  std::optional<std::uint32_t> duration;  // how long the called one will be reachable, in seconds
  std::string_view parameters;
  Forgiven forgiven = {};
};

Parsed<RetryAfter> parse_retry_after(std::string_view value);

}  // namespace sipring
