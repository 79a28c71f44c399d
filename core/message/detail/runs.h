// Runs of octets of one class, skipped in one step. The value machines call skip() where a run
// loops on itself in every live alternative. Reads nothing outside the text, so that a value may
// stand anywhere.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/octets.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring::detail {

// RFC 3261 section 25.1. A class is a bit in the table.
enum OctetClass : std::uint16_t {
  token_octet = 1,           // token
  host_octet = 2,            // hostname, IPv4address
  uri_octet = 4,             // everything between < and >
  quoted_octet = 8,          // qdtext without line folds
  user_octet = 16,           // user, without escapes
  parameter_octet = 32,      // paramchar, without escapes
  word_octet = 64,           // word, of Call-ID
  value_octet = 128,         // a gen-value without quotes, and what cannot be mistaken for more
  address_octet = 256,       // IPv4address, IPv6address, brackets
  quoted_ascii_octet = 512,  // quoted_octet without octets above ASCII
  sdp_octet = 1024,          // byte-string (RFC 8866 section 9)
};

namespace classes {

constexpr bool is_in(std::string_view set, char octet) {
  return set.find(octet) != set.npos;
}

constexpr std::uint16_t of(unsigned int number) {
  const auto octet = static_cast<char>(number);
  const bool alphanumeric = (number >= 'a' && number <= 'z') || (number >= 'A' && number <= 'Z') ||
                            (number >= '0' && number <= '9');
  const bool unreserved = alphanumeric || is_in("-_.!~*'()", octet);
  unsigned int bits = 0;
  if (number == 0) return 0;
  if (alphanumeric || is_in("-.!%*_+`'~", octet)) bits |= token_octet;
  if (number > 0x20 && number != 0x7f && !is_in("\";,<>", octet)) bits |= value_octet;
  if (is_in("0123456789abcdefABCDEF.:[]", octet)) bits |= address_octet;
  if (alphanumeric || is_in("-.", octet)) bits |= host_octet;
  if (number > 0x20 && number < 0x7f && !is_in("<>\"", octet)) bits |= uri_octet;
  if ((number >= 0x20 && number != 0x7f && !is_in("\"\\", octet)) || number == '\t')
    bits |= number < 0x80 ? quoted_octet | quoted_ascii_octet : quoted_octet;
  if (unreserved || is_in("&=+$,;?/", octet)) bits |= user_octet;
  if (unreserved || is_in("[]/:&+$", octet)) bits |= parameter_octet;
  if (alphanumeric || is_in("-.!%*_+`'~()<>:\\\"/[]?{}", octet)) bits |= word_octet;
  if (number != '\r' && number != '\n') bits |= sdp_octet;
  return static_cast<std::uint16_t>(bits);
}

constexpr std::array<std::uint16_t, 256> make_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned int number = 0; number < 256; ++number) table[number] = of(number);
  return table;
}

}  // namespace classes

inline constexpr std::array<std::uint16_t, 256> octet_classes = classes::make_table();

template <OctetClass octet_class>
[[nodiscard]] constexpr bool is_in_class(unsigned char octet) {
  return (octet_classes[octet] & octet_class) != 0;
}

// A run is rarely longer than a vector of 16, and most values are at least as long.
inline constexpr std::ptrdiff_t run_vector = 16;

#ifdef SIPRING_AVX2
struct alignas(run_vector) RunConstant {
  std::array<std::uint8_t, run_vector> octets;
  [[nodiscard]] __m128i load() const {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(octets.data()));
  }
};

inline constexpr RunConstant low_half{
    {15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15}};
inline constexpr RunConstant column_bit{{1, 2, 4, 8, 16, 32, 64, 128}};

// Which of the eight ASCII columns hold members of a class, by low half of the octet: two shuffles
// then classify a vector.
template <OctetClass octet_class>
constexpr RunConstant columns_of() {
  RunConstant columns{};
  for (unsigned int octet = 0; octet < 128; ++octet)
    if (is_in_class<octet_class>(static_cast<unsigned char>(octet)))
      columns.octets[octet % 16] |= static_cast<std::uint8_t>(1u << (octet / 16));
  return columns;
}

template <OctetClass octet_class>
inline constexpr RunConstant class_columns = columns_of<octet_class>();

// Bit i: octet i is not in the class.
template <OctetClass octet_class>
[[nodiscard]] inline std::uint32_t outside(const unsigned char* text) {
  const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  const __m128i high = _mm_and_si128(_mm_srli_epi16(octets, 4), low_half.load());
  const __m128i member = _mm_and_si128(_mm_shuffle_epi8(class_columns<octet_class>.load(), octets),
                                       _mm_shuffle_epi8(column_bit.load(), high));
  const auto others =
      static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(member, _mm_setzero_si128())));
  if constexpr (!is_in_class<octet_class>(0xff)) return others;
  return others & ~static_cast<std::uint32_t>(_mm_movemask_epi8(octets));
}
#endif

// The first octet of [at, end) that is not in the class. `wide` says that the text has run_vector
// octets or more before `end`: the last vector then ends at `end`, and nothing outside the text is
// read.
template <OctetClass octet_class>
[[nodiscard, gnu::always_inline]] inline const unsigned char* skip(const unsigned char* at,
                                                                   const unsigned char* end,
                                                                   [[maybe_unused]] bool wide) {
#ifdef SIPRING_AVX2
  for (; end - at >= run_vector; at += run_vector)
    if (const std::uint32_t others = outside<octet_class>(at); others != 0)
      return at + std::countr_zero(others);
  if (wide) {
    const std::uint32_t others =
        outside<octet_class>(end - run_vector) >> (run_vector - (end - at));
    return others == 0 ? end : at + std::countr_zero(others);
  }
#endif
  while (at != end && is_in_class<octet_class>(*at)) ++at;
  return at;
}

template <OctetClass octet_class>
[[nodiscard]] inline bool is_all(std::string_view text) {
  for (const char octet : text)
    if (!is_in_class<octet_class>(static_cast<unsigned char>(octet))) return false;
  return true;
}

// The number at `at`, saturated at `most`; `at` moves to the first octet that is no digit. `most`
// is below 2^59.
[[nodiscard]] inline std::uint64_t read_number(const unsigned char*& at, const unsigned char* end,
                                               std::uint64_t most) {
  std::uint64_t number = 0;
  for (; at != end; ++at) {
    const unsigned int digit = static_cast<unsigned int>(*at) - '0';
    if (digit > 9) break;
    number = number * 10 + digit;
    if (number > most) number = most;
  }
  return number;
}

}  // namespace sipring::detail
