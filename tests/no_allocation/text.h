// Text: put together without allocation, with room behind it for the parser's wide loads.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring::test {

class Text {
 public:
  void clear() { size_ = 0; }
  Text& operator<<(std::string_view part) {
    EXPECT_LE(size_ + part.size(), octets_.size() - readable_padding);
    std::ranges::copy(part, octets_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += part.size();
    return *this;
  }
  Text& operator<<(std::uint32_t number) {
    std::array<char, 10> digits;
    std::size_t at = digits.size();
    do digits[--at] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    return *this << std::string_view(digits.data() + at, digits.size() - at);
  }
  [[nodiscard]] std::string_view view() const { return {octets_.data(), size_}; }

 private:
  std::array<char, 4096> octets_{};
  std::size_t size_ = 0;
};

}  // namespace sipring::test
