// Authorization and Proxy-Authorization: RFC 3261 sections 20.7, 20.28, RFC 7616 section 3.4. Each
// is a header field of its own, as with challenges.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/digest.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// Views as in Challenge: between the quotes, backslashes stay, data() is null when absent.
struct Credentials {
  std::string_view scheme = {};      // "Digest"; without case
  std::string_view parameters = {};  // all as written
  std::string_view username = {};
  // "username*": charset'language'percent-encoded (RFC 5987).
  std::string_view username_extended = {};
  std::string_view realm = {};
  std::string_view nonce = {};
  std::string_view uri = {};
  std::string_view response = {};
  std::string_view algorithm = {};
  std::string_view cnonce = {};
  std::string_view opaque = {};
  std::string_view qop = {};  // what the client chose
  std::string_view nc = {};   // eight hexadecimal digits; see nonce_count
  std::string_view userhash = {};
  std::string_view auts = {};  // RFC 3310 section 3.4
  Forgiven forgiven = {};      // quotes that are missing or too many, digits in upper case
  std::uint32_t length = 0;    // of the whole value

  [[nodiscard]] bool is_digest() const;
  // Everything is there that a response is computed from: what is missing deserves a 400.
  [[nodiscard]] bool is_complete() const;
  [[nodiscard]] std::uint32_t nonce_count() const;  // 0 when absent
};

// Refuses a parameter that comes twice, username beside username*, and a malformed nc.
Parsed<Credentials> parse_credentials(std::string_view value);

// As write_challenge, by RFC 7616 section 3.4.
[[nodiscard]] std::optional<std::string_view> write_credentials(const Credentials& credentials,
                                                                std::span<char> room);

inline constexpr std::size_t nonce_count_size = 8;
// The text for Credentials::nc, a view of `room`.
std::string_view write_nonce_count(std::uint32_t count, std::span<char, nonce_count_size> room);

}  // namespace sipring
