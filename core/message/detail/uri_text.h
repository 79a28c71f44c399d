// What the texts of URIs are put together from: octets with and without an escape, ports
// (RFC 3261 section 25.1).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/uri_writer.h>
#include <sipring/pools/detail/text_writer.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace sipring::detail {

[[nodiscard]] bool is_plain_in(UriPart part, char octet);

// '%' and two digits, whatever the octet is.
inline void add_escape(TextWriter& out, char octet) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto number = static_cast<unsigned char>(octet);
  const std::array<char, 3> escape{'%', digits[number / 16], digits[number % 16]};
  out << std::string_view(escape.data(), escape.size());
}

// As it is where it may stand in that part, else escaped.
inline void add_escaped(TextWriter& out, UriPart part, char octet) {
  if (is_plain_in(part, octet))
    out << octet;
  else
    add_escape(out, octet);
}

// ":5060"; nothing for 0.
inline void add_port(TextWriter& out, std::uint16_t port) {
  if (port != 0) out << ':' << port;
}

[[nodiscard]] inline UriText text_of(const TextWriter& out) {
  if (!out.fits()) return std::unexpected(UriError::no_room);
  return out.view();
}

}  // namespace sipring::detail
