// Comparing names without case, as encoding names and format parameters are.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/octets.h>
#include <sipring/pools/trimmed.h>

#include <string_view>

namespace sipring::sdp::detail {

using sipring::detail::equals_ignoring_case;

// SDP folds no lines: other white space is part of a value.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
  return sipring::trimmed(text, " \t");
}

}  // namespace sipring::sdp::detail
