// Header fields in a URI, behind its "?": RFC 3261 section 19.1.1. Nothing is copied until the
// escapes are taken out.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// The value of the first header `name` (compared without case) in Uri::headers, escapes and all;
// nullopt when absent.
[[nodiscard]] std::optional<std::string_view> uri_header(std::string_view headers,
                                                         std::string_view name);

// Without percent escapes. The result is `text` itself where there are none; else it is written to
// `room`, which is large enough when it has text.size() octets; nullopt when `room` is too small. A
// "%" without two hexadecimal digits stays.
[[nodiscard]] std::optional<std::string_view> unescaped_header(std::string_view text,
                                                               std::span<char> room);

}  // namespace sipring
