// Sec-WebSocket-Key and the answer to it (RFC 6455 sections 1.3 and 4.2.2).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/stream/upgrade.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring::detail {

// Base64 of `octets` octets (RFC 4648 section 4).
template <std::size_t octets>
using Base64Text = std::array<char, (octets + 2) / 3 * 4>;

[[nodiscard]] Base64Text<16> make_key(const std::array<std::uint8_t, 16>& nonce);
// 16 octets in base64. Bits of the last digit that belong to no octet may be set: they are in the
// RFC's own example.
[[nodiscard]] bool is_key(std::string_view text);
[[nodiscard]] Base64Text<20> make_accept(Sha1 sha1, std::string_view key);

template <std::size_t size>
[[nodiscard]] std::string_view view_of(const std::array<char, size>& text) {
  return {text.data(), size};
}

}  // namespace sipring::detail
