// Accelerator of delta_seconds in values.rl: numbers that fit 32 bits for certain.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::detail {

// One to nine digits and nothing else; nullopt leaves the text to the grammar.
[[nodiscard]] inline std::optional<std::uint32_t> take_number(std::string_view text) {
  constexpr std::size_t digits_that_fit = 9;
  if (text.empty() || text.size() > digits_that_fit) return std::nullopt;
  std::uint32_t number = 0;
  for (const char octet : text) {
    const unsigned int digit = static_cast<unsigned char>(octet) - unsigned{'0'};
    if (digit > 9) return std::nullopt;
    number = number * 10 + digit;
  }
  return number;
}

}  // namespace sipring::detail
