// Texts for humans: TEXT-UTF8-TRIM of Subject and Organization, quoted-strings, and what they say
// (RFC 3261 sections 20.25, 20.36, 25.1). Parsed views are as on the wire; what says a text without
// folds, quotes or backslashes copies only where something has to change.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <optional>
#include <span>
#include <string_view>

namespace sipring {

struct Text {
  std::string_view text;  // folds stay
  Forgiven forgiven;      // octets that are not UTF-8
};

// May be empty.
Parsed<Text> parse_text(std::string_view value);

// The four below hand out a part of their text where nothing had to change, else what they wrote to
// `room`; nullopt when that is too small. The text's size is room enough for the first three.

// With each fold as one space.
[[nodiscard]] std::optional<std::string_view> unfold(std::string_view text, std::span<char> room);
// What a quoted-string says: without its quotes and backslashes, a fold as one space. A text
// without quotes says itself.
[[nodiscard]] std::optional<std::string_view> unquote(std::string_view value, std::span<char> room);
// The same of what stands between the quotes.
[[nodiscard]] std::optional<std::string_view> unescape_quoted(std::string_view inner,
                                                              std::span<char> room);
// What stands between the quotes to say `text`: with a backslash before each quote and backslash.
// nullopt also when the text has a CR, LF or NUL, which no quoted-string should carry.
[[nodiscard]] std::optional<std::string_view> escape_quoted(std::string_view text,
                                                            std::span<char> room);

}  // namespace sipring
