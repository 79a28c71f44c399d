// Runs of octets of one class, skipped in one step. The value machines call skip() where a run
// loops on itself in every live alternative. Reads nothing outside the text, so that a value may
// stand anywhere. SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/octets.h>

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace sipring::detail {

// RFC 3261 section 25.1. A class is a bit in the table.
enum OctetClass : std::uint8_t {
  token_octet = 1,       // token
  host_octet = 2,        // hostname, IPv4address
  uri_octet = 4,         // everything between < and >
  quoted_octet = 8,      // qdtext without line folds
  user_octet = 16,       // user, without escapes
  parameter_octet = 32,  // paramchar, without escapes
  word_octet = 64,       // word, of Call-ID
  value_octet = 128,     // plain gen-value: token, IPv6 reference
};

namespace classes {

constexpr bool is_in(std::string_view set, char octet) {
  return set.find(octet) != set.npos;
}

constexpr std::uint8_t of(unsigned int number) {
  const auto octet = static_cast<char>(number);
  const bool alphanumeric = (number >= 'a' && number <= 'z') || (number >= 'A' && number <= 'Z') ||
                            (number >= '0' && number <= '9');
  const bool unreserved = alphanumeric || is_in("-_.!~*'()", octet);
  unsigned int bits = 0;
  if (number == 0) return 0;
  if (alphanumeric || is_in("-.!%*_+`'~", octet)) bits |= token_octet | value_octet;
  if (is_in("[]:", octet)) bits |= value_octet;
  if (alphanumeric || is_in("-.", octet)) bits |= host_octet;
  if (number > 0x20 && number < 0x7f && !is_in("<>\"", octet)) bits |= uri_octet;
  if ((number >= 0x20 && number != 0x7f && !is_in("\"\\", octet)) || number == '\t')
    bits |= quoted_octet;
  if (unreserved || is_in("&=+$,;?/", octet)) bits |= user_octet;
  if (unreserved || is_in("[]/:&+$", octet)) bits |= parameter_octet;
  if (alphanumeric || is_in("-.!%*_+`'~()<>:\\\"/[]?{}", octet)) bits |= word_octet;
  return static_cast<std::uint8_t>(bits);
}

constexpr std::array<std::uint8_t, 256> make_table() {
  std::array<std::uint8_t, 256> table{};
  for (unsigned int number = 0; number < 256; ++number) table[number] = of(number);
  return table;
}

}  // namespace classes

inline constexpr std::array<std::uint8_t, 256> octet_classes = classes::make_table();

// The first octet of [at, end) that is not in the class.
template <OctetClass octet_class, class Octet>
[[nodiscard]] inline Octet* skip(Octet* at, Octet* end) {
  while (at != end && (octet_classes[static_cast<unsigned char>(*at)] & octet_class) != 0) ++at;
  return at;
}

}  // namespace sipring::detail
