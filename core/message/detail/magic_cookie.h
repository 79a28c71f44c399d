// The magic cookie with which a branch of RFC 3261 begins (section 8.1.1.7); what has none is an
// older client's.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sipring {

inline constexpr std::string_view magic_cookie = "z9hG4bK";

// With something behind the cookie: alone it names no transaction (RFC 4475 section 3.2.1).
[[nodiscard]] inline bool has_magic_cookie(std::string_view branch) {
  return branch.starts_with(magic_cookie) && branch.size() > magic_cookie.size();
}

}  // namespace sipring
