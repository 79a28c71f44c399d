// Writes sip and sips URIs into room of the caller (RFC 3261 sections 19.1.1, 19.1.2): new ones
// from parts without escapes, and parsed ones of which a part was changed. And their escapes, "%"
// and two hexadecimal digits (RFC 2396 section 2.4): parsed URIs keep them; what is shown to people
// or looked up elsewhere is unescaped here.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/uri.h>
#include <sipring/core/message/uri_parts.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// Why a URI or a part of one could not be made.
enum class UriError : std::uint8_t {
  escape,     // a "%" without two hexadecimal digits
  no_room,    // the caller's span is too short
  scheme,     // only sip and sips URIs are put together
  user,       // empty, or a password without one
  host,       // neither a name nor an IPv4 address nor an IPv6 reference
  parameter,  // a parameter or a header without a name, a parameter with an empty value
  changed,    // parts do not read back as they were given: one holds octets it cannot hold
};
[[nodiscard]] std::string_view to_string(UriError error);  // "no_room"

using UriText = std::expected<std::string_view, UriError>;

// Where unescaped octets will stand: each part of a URI escapes another set.
enum class UriPart : std::uint8_t { user, password, parameter, header };

// Without its escapes: `text` itself when it has none, else in `room`, which needs as many octets
// as `text` at most. The result may hold any octet, NUL too.
[[nodiscard]] UriText unescape(std::string_view text, std::span<char> room);

// `octets` as they stand in `part`, in `room`: three times as many octets at most. All octets that
// the part's rule does not name are escaped, "%" with them.
[[nodiscard]] UriText escape(UriPart part, std::string_view octets, std::span<char> room);

// Whether two texts with escapes are the same by section 19.1.4: an escape equals its octet unless
// that is reserved. Letter case counts, or does not.
[[nodiscard]] bool same_text(std::string_view a, std::string_view b);
[[nodiscard]] bool same_text_ignoring_case(std::string_view a, std::string_view b);

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
