// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri_headers.h>

#include <sipring/core/message/detail/octets.h>

#include <algorithm>

namespace sipring {
namespace {

int digit_of(char octet) {
  if (octet >= '0' && octet <= '9') return octet - '0';
  if (octet >= 'a' && octet <= 'f') return octet - 'a' + 10;
  if (octet >= 'A' && octet <= 'F') return octet - 'A' + 10;
  return -1;
}

// At the beginning of `text`.
std::optional<char> escaped_octet(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return std::nullopt;
  const int high = digit_of(text[1]), low = digit_of(text[2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

}  // namespace

std::optional<std::string_view> uri_header(std::string_view headers, std::string_view name) {
  while (!headers.empty()) {
    const std::string_view header = headers.substr(0, headers.find('&'));
    const std::size_t equal = std::min(header.find('='), header.size());
    if (detail::equals_ignoring_case(header.substr(0, equal), name))
      return header.substr(std::min(equal + 1, header.size()));
    headers.remove_prefix(std::min(header.size() + 1, headers.size()));
  }
  return std::nullopt;
}

std::optional<std::string_view> unescaped_header(std::string_view text, std::span<char> room) {
  if (text.find('%') == text.npos) return text;
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size(); ++size) {
    if (size == room.size()) return std::nullopt;
    const std::optional<char> octet = escaped_octet(text.substr(at));
    room[size] = octet.value_or(text[at]);
    at += octet ? 3 : 1;
  }
  return std::string_view(room.data(), size);
}

}  // namespace sipring
