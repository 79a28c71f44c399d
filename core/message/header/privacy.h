// Privacy: RFC 3323 section 4.2, "id" of RFC 3325, "history" of RFC 7044. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

enum class PrivacyKind : std::uint8_t { header, session, user, none, critical, id, history, other };

struct Privacy {
  std::uint8_t kinds = 0;  // a bit for each PrivacyKind
  std::string_view text;   // the value as written: `other` values are in it
  Forgiven forgiven;

  [[nodiscard]] bool has(PrivacyKind kind) const {
    return (kinds >> static_cast<unsigned>(kind) & 1) != 0;
  }
};

// The whole value. Commas between values are forgiven (comma_for_semicolon).
Parsed<Privacy> parse_privacy(std::string_view value);

}  // namespace sipring
