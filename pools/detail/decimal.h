// Decimal: a number as decimal digits.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring {

// A number as decimal digits, without leading zeros.
class Decimal {
 public:
  explicit Decimal(std::uint64_t number)
      : size_(static_cast<std::size_t>(
            std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr -
            digits_.data())) {}
  // Valid as long as this object.
  [[nodiscard]] std::string_view view() const {
    return {digits_.data(), std::min(size_, digits_.size())};  // the compiler does not know
  }

 private:
  std::array<char, 20> digits_;
  std::size_t size_;
};

}  // namespace sipring
