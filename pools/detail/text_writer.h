// TextWriter: a text that grows in room of the caller's. What does not fit is left out, and all
// that comes behind it; one question at the end is enough. FixedText (fixed_text.h) has the room
// within itself.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/detail/copy_text.h>
#include <sipring/pools/detail/decimal.h>

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

namespace sipring {

// The room must outlive the text.
class TextWriter {
 public:
  explicit TextWriter(std::span<char> room) : room_(room.data()), end_(room.size()) {}

  TextWriter& operator<<(std::string_view text) {
    if (text.size() > end_ - size_) [[unlikely]]
      return overflow();
    copy_text(room_ + size_, text);
    size_ += text.size();
    return *this;
  }
  // What is known when compiling costs a move or two.
  template <std::size_t size>
  TextWriter& operator<<(const char (&literal)[size]) {
    return *this << std::string_view(literal, size - 1);
  }
  TextWriter& operator<<(std::same_as<char> auto character) {
    return *this << std::string_view(&character, 1);
  }
  // In decimal digits.
  TextWriter& operator<<(std::unsigned_integral auto number) {
    if (number < 10) return *this << static_cast<char>('0' + number);
    return *this << Decimal(number).view();
  }

  [[nodiscard]] bool fits() const { return fits_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string_view view() const { return {room_, size_}; }

 private:
  TextWriter& overflow() {
    fits_ = false;
    end_ = size_;  // nothing fits after what did not fit
    return *this;
  }

  char* room_;
  std::size_t end_;  // of what may be written: the room's, or where something did not fit
  std::size_t size_ = 0;
  bool fits_ = true;
};

}  // namespace sipring
