// The octets of a URI part as RFC 3261 section 19.1.4 compares them: an escape stands for its
// octet, unless that octet is reserved, for then the escape means something else.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/octets.h>

#include <cstddef>
#include <string_view>

namespace sipring::detail {

// 0 to 15, or -1.
[[nodiscard]] constexpr int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const int letter = digit | 0x20;
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// The octet of the escape at the front of `text`, or -1 when there is none.
[[nodiscard]] constexpr int escaped_octet(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// An error at `offset` of `text` is in a "%" without two hexadecimal digits.
[[nodiscard]] constexpr bool is_in_bad_escape(std::string_view text, std::size_t offset) {
  const std::size_t percent = text.substr(0, offset).find_last_of('%');
  return percent != text.npos && offset - percent <= 2 && escaped_octet(text.substr(percent)) < 0;
}

[[nodiscard]] constexpr bool is_reserved(char octet) {  // RFC 2396 section 2.2
  return std::string_view{";/?:@&=+$,"}.find(octet) != std::string_view::npos;
}

struct UnescapedOctet {
  char octet = 0;
  bool kept = false;  // a reserved octet that was escaped
  friend bool operator==(const UnescapedOctet&, const UnescapedOctet&) = default;

  [[nodiscard]] UnescapedOctet folded() const { return {lower(octet), kept}; }
};

class UnescapedOctets {
 public:
  explicit UnescapedOctets(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  // Precondition: not at_end(). A "%" that begins no escape stands for itself.
  UnescapedOctet next() {
    const int escaped = escaped_octet(rest_);
    const char octet = escaped < 0 ? rest_.front() : static_cast<char>(escaped);
    rest_.remove_prefix(escaped < 0 ? 1 : 3);
    return {octet, escaped >= 0 && is_reserved(octet)};
  }

 private:
  std::string_view rest_;
};

}  // namespace sipring::detail
