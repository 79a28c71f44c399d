// Content-Disposition: RFC 3261 section 20.11. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// What a UAS does that does not understand the body; `other` is any other token.
enum class Handling : std::uint8_t { required, optional, other };

struct ContentDisposition {
  std::string_view type;  // "session", "render", "early-session" ...
  std::string_view parameters;
  Handling handling = Handling::required;  // required when absent
  Forgiven forgiven = {};
  bool states_handling = false;
};

Parsed<ContentDisposition> parse_content_disposition(std::string_view value);

}  // namespace sipring
