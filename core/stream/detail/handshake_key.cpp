// SPDX-License-Identifier: MIT
#include <sipring/core/stream/detail/handshake_key.h>
#include <sipring/pools/assert.h>

#include <algorithm>

namespace sipring::detail {
namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view server_id = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t key_size = 24;
constexpr std::size_t key_digits = 22;  // then "=="

// Three octets are four digits; digits that no octet reaches are "=".
template <std::size_t octets>
Base64Text<octets> encode(const std::array<std::uint8_t, octets>& data) {
  Base64Text<octets> text;
  for (std::size_t at = 0, to = 0; at < octets; at += 3) {
    const std::size_t left = std::min<std::size_t>(3, octets - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) group = group << 8 | (i < left ? data[at + i] : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      text[to++] = i <= left ? digits[group >> (18 - 6 * i) & 63] : '=';
  }
  return text;
}

}  // namespace

Base64Text<16> make_key(const std::array<std::uint8_t, 16>& nonce) {
  return encode(nonce);
}

bool is_key(std::string_view text) {
  return text.size() == key_size && text.ends_with("==") &&
         text.find_first_not_of(digits) == key_digits;
}

Base64Text<20> make_accept(Sha1 sha1, std::string_view key) {
  SIPRING_ASSERT(key.size() == key_size);
  std::array<char, key_size + server_id.size()> text;
  std::ranges::copy(server_id, std::ranges::copy(key, text.begin()).out);
  return encode(sha1(view_of(text)));
}

}  // namespace sipring::detail
