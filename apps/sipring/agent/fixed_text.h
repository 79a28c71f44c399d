// FixedText: a text that is written piece by piece into an array. What does not fit is left out and
// remembered, so one question at the end is enough.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/copy_text.h>

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sipring::app {

template <std::size_t Capacity>
class FixedText {
 public:
  static constexpr std::size_t capacity = Capacity;

  FixedText() {}  // the octets need no value
  FixedText& operator<<(std::string_view text) {
    if (char* const to = extend(text.size())) copy_text(to, text);
    return *this;
  }
  FixedText& operator<<(std::unsigned_integral auto number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return *this << std::string_view(digits, end);
  }

  // Room for so many octets more, which the caller fills; null where they do not fit.
  [[nodiscard]] char* extend(std::size_t size) {
    if (size > Capacity - size_) {
      overflowed_ = true;
      return nullptr;
    }
    return characters_.data() + std::exchange(size_, size_ + size);
  }

  void clear() {
    size_ = 0;
    overflowed_ = false;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  [[nodiscard]] std::string_view view() const { return {characters_.data(), size_}; }
  // From an offset on: valid until clear().
  [[nodiscard]] std::string_view from(std::size_t offset) const { return view().substr(offset); }

 private:
  std::size_t size_ = 0;  // before the octets, most of which are never fetched
  bool overflowed_ = false;
  std::array<char, Capacity> characters_;
};

}  // namespace sipring::app
