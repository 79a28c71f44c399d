// Names of header fields and types compared: letters without case (RFC 3261 section 7.3.1).
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string_view>

namespace sipring::detail {

[[nodiscard]] inline bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace sipring::detail
