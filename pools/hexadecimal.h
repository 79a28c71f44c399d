// Numbers as lower-case hexadecimal digits of fixed width and back, eight digits at a time.
// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace sipring {

// Eight digits in a word, the first one in the lowest octet: two for each octet of the number, all
// octets at once.
[[nodiscard]] constexpr std::uint64_t hex_digits(std::uint32_t number) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::uint64_t nibbles = std::byteswap(number);
  nibbles = (nibbles | nibbles << 16) & 0x0000ffff0000ffff;
  nibbles = (nibbles | nibbles << 8) & 0x00ff00ff00ff00ff;
  nibbles = ((nibbles >> 4) | (nibbles << 8)) & (15 * ones);
  const std::uint64_t letters = ((nibbles + 6 * ones) >> 4) & ones;
  return nibbles + '0' * ones + letters * ('a' - '0' - 10);
}

// The number of which these are the digits; A to F count as a to f. nullopt: another octet is among
// them.
[[nodiscard]] constexpr std::optional<std::uint32_t> number_of_hex_digits(std::uint64_t digits) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  digits |= (digits >> 1) & (0x20 * ones);  // 0x40 says that it is a letter
  const std::uint64_t letters = (digits >> 6) & ones;
  std::uint64_t nibbles = (digits & (15 * ones)) + 9 * letters;
  nibbles &= 15 * ones;
  nibbles = ((nibbles << 4) | (nibbles >> 8)) & 0x00ff00ff00ff00ff;
  nibbles = (nibbles | nibbles >> 8) & 0x0000ffff0000ffff;
  const std::uint32_t number = std::byteswap(static_cast<std::uint32_t>(nibbles | nibbles >> 16));
  if (hex_digits(number) != digits) return std::nullopt;
  return number;
}

inline constexpr std::size_t hex_digits_of_word = 16;  // of 64 bits

// Eight digits at `to`; gives their end.
inline char* put_hexadecimal(char* to, std::uint32_t number) {
  std::uint64_t digits = hex_digits(number);
  if constexpr (std::endian::native == std::endian::big) digits = std::byteswap(digits);
  std::memcpy(to, &digits, sizeof digits);
  return to + sizeof digits;
}

// hex_digits_of_word digits.
inline char* put_hexadecimal(char* to, std::uint64_t number) {
  to = put_hexadecimal(to, static_cast<std::uint32_t>(number >> 32));
  return put_hexadecimal(to, static_cast<std::uint32_t>(number));
}

// The number of which two digits for each of its octets stand at `from`.
template <class Number>
[[nodiscard]] inline std::optional<Number> read_hexadecimal(const char* from) {
  static_assert(sizeof(Number) == 4 || sizeof(Number) == 8);
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < 2 * sizeof(Number); at += 8) {
    std::uint64_t digits = 0;
    std::memcpy(&digits, from + at, sizeof digits);
    if constexpr (std::endian::native == std::endian::big) digits = std::byteswap(digits);
    const std::optional<std::uint32_t> eight = number_of_hex_digits(digits);
    if (!eight) return std::nullopt;
    number = number << 32 | *eight;
  }
  return static_cast<Number>(number);
}

}  // namespace sipring
