// Comparing names without case, as encoding names and format parameters are.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/octets.h>

#include <string_view>

namespace sipring::sdp::detail {

using sipring::detail::equals_ignoring_case;

[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return text.substr(text.size());
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

}  // namespace sipring::sdp::detail
