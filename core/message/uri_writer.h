// Writes sip and sips URIs into room of the caller (RFC 3261 sections 19.1.1, 19.1.2): new ones
// from parts without escapes, and parsed ones of which a part was changed.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/uri.h>
#include <sipring/core/message/uri_escape.h>
#include <sipring/core/message/uri_parts.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// Nothing here is escaped: what cannot stand in its part is escaped in writing, so that no octet of
// a user can become another part.
struct UriParts {
  Uri::Scheme scheme = Uri::Scheme::sip;
  std::optional<std::string_view> user = {};
  std::optional<std::string_view> password = {};
  // A name, an IPv4 address or an IPv6 address, with brackets or without.
  std::string_view host = {};
  std::uint16_t port = 0;  // 0: none
  std::span<const UriComponent> parameters = {};
  std::span<const UriComponent> headers = {};  // has_value or not, a header is written with "="
};

// The text in `room`. Hosts with "_" are refused: strict in what we send.
[[nodiscard]] UriText write_uri(const UriParts& parts, std::span<char> room);

// A parsed URI from its parts, which hold escapes: those of `uri`, not its text. Change a part of a
// copy (another port, no headers) and write it. What parse_uri forgave is written as it came.
// UriError::changed when the result would be read as other parts than these.
[[nodiscard]] UriText write_uri(const Uri& uri, std::span<char> room);

}  // namespace sipring
