// Small questions about header values.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace sipring::app {

[[nodiscard]] constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);
// The text before the first `separator`, which is removed with it; nullopt when `rest` is empty.
[[nodiscard]] std::optional<std::string_view> take_until(std::string_view& rest, char separator);
// Whether a URI's user part with its escapes is `name` (RFC 3261 section 19.1.4).
[[nodiscard]] bool is_user(std::string_view escaped, std::string_view name);

}  // namespace sipring::app
