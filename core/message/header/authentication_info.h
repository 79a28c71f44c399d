// Authentication-Info and Proxy-Authentication-Info: RFC 3261 section 20.6, RFC 7616 section 3.5.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// Views as in Challenge: between the quotes, backslashes stay, data() is null when absent.
struct AuthenticationInfo {
  std::string_view parameters = {};  // all as written
  std::string_view nextnonce = {};
  std::string_view qop = {};
  std::string_view rspauth = {};
  std::string_view cnonce = {};
  std::string_view nc = {};
  Forgiven forgiven = {};  // quotes that are missing or too many, digits in upper case
};

// Refuses a parameter that comes twice and a malformed nc.
Parsed<AuthenticationInfo> parse_authentication_info(std::string_view value);

// As write_challenge, by RFC 7616 section 3.5.
[[nodiscard]] std::optional<std::string_view> write_authentication_info(
    const AuthenticationInfo& info, std::span<char> room);

}  // namespace sipring
