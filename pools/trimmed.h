// A text without the white space around it.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sipring {

// The text without the octets of `white` at both ends; a view of `text`, also when nothing is left.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text,
                                                 std::string_view white = " \t\r\n") {
  const std::size_t first = text.find_first_not_of(white);
  if (first == text.npos) return text.substr(text.size());
  return text.substr(first, text.find_last_not_of(white) + 1 - first);
}

}  // namespace sipring
