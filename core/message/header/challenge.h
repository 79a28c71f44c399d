// WWW-Authenticate and Proxy-Authenticate: RFC 3261 sections 20.27, 20.44, RFC 7616 section 3.3.
// Each challenge is a header field of its own (section 7.3.1):
//
//   for (const Parsed<Challenge>& challenge :
//        elements<parse_challenge>(message, HeaderId::www_authenticate)) ...
//
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

// Members below `parameters` are for the scheme Digest. A view is what stands between the quotes,
// with its backslashes (unescape_quoted() removes them, header/text.h), or the token; data() is
// null when the parameter is absent.
struct Challenge {
  std::string_view scheme = {};      // "Digest"; without case
  std::string_view parameters = {};  // all as written; parameter() and Parameters() read them
  std::string_view realm = {};
  std::string_view domain = {};  // URIs with spaces between
  std::string_view qop = {};     // "auth,auth-int": what the server offers
  std::string_view nonce = {};
  std::string_view opaque = {};
  std::string_view stale = {};
  std::string_view algorithm = {};
  std::string_view charset = {};
  std::string_view userhash = {};
  Forgiven forgiven = {};    // quotes that are missing or too many
  std::uint32_t length = 0;  // of the whole value

  [[nodiscard]] bool is_digest() const;
  // A realm and a nonce, without which nobody can answer; what Digest asks for.
  [[nodiscard]] bool is_complete() const;
  [[nodiscard]] bool is_stale() const;       // the password was right, the nonce old
  [[nodiscard]] bool offers(Qop qop) const;  // Qop::none: no qop at all
};

// Refuses a parameter that comes twice.
Parsed<Challenge> parse_challenge(std::string_view value);

// The header field's value. Digest: the members that are there, each with quotes or without as RFC
// 7616 section 3.3 has it; `parameters` is not looked at. Other schemes: scheme and `parameters`.
// nullopt when `room` is too small, or a member would break out of its quotes or of the line.
[[nodiscard]] std::optional<std::string_view> write_challenge(const Challenge& challenge,
                                                              std::span<char> room);

}  // namespace sipring
