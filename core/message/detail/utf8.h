// UTF-8 as RFC 3629 section 4 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
// RFC 3261 section 25.1 lets octets above ASCII stand in display names, quoted strings, reason
// phrases and free text, as UTF-8 only.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace sipring {

// Where the first sequence begins that is no character, or is cut off; text.size() when there is
// none. Nothing outside the text is read.
[[nodiscard]] std::size_t first_not_utf8(std::string_view text);
[[nodiscard]] inline bool is_utf8(std::string_view text) {
  return first_not_utf8(text) == text.size();
}

}  // namespace sipring
