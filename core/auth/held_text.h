// HeldText: a short text that is kept by value, with its text.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/copy_text.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring {

template <std::size_t Capacity>
class HeldText {
  static_assert(Capacity <= 0xffff);

 public:
  // False, and empty, when it does not fit.
  bool hold(std::string_view text) {
    const bool fits = text.size() <= Capacity;
    size_ = fits ? static_cast<std::uint16_t>(text.size()) : std::uint16_t{0};
    if (size_ != 0) copy_text(octets_.data(), text);
    return fits;
  }
  [[nodiscard]] std::string_view view() const { return {octets_.data(), size_}; }

 private:
  std::uint16_t size_ = 0;
  std::array<char, Capacity> octets_{};
};

}  // namespace sipring
