// FixedText: a short text that is kept by value. What does not fit is left out and remembered, so
// one question at the end is enough. TextWriter (text_writer.h) writes into room of the caller's.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/detail/copy_text.h>
#include <sipring/pools/detail/decimal.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sipring {

template <std::size_t Capacity>
class FixedText {
  using Size = std::conditional_t<(Capacity < 0xffff), std::uint16_t, std::uint32_t>;

 public:
  static constexpr std::size_t capacity = Capacity;

  FixedText() {}  // NOLINT(modernize-use-equals-default): the octets need no value
  FixedText& operator<<(std::string_view text) {
    if (char* const to = extend(text.size())) copy_text(to, text);
    return *this;
  }
  FixedText& operator<<(std::unsigned_integral auto number) {
    return *this << Decimal(number).view();
  }
  // The text alone; false, and empty, when it does not fit.
  bool assign(std::string_view text) {
    clear();
    return !(*this << text).overflowed();
  }

  // Room for so many octets more, which the caller fills; null where they do not fit.
  [[nodiscard]] char* extend(std::size_t size) {
    if (size > Capacity - size_) {
      overflowed_ = true;
      return nullptr;
    }
    return octets_.data() + std::exchange(size_, static_cast<Size>(size_ + size));
  }

  void clear() {
    size_ = 0;
    overflowed_ = false;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  // Valid until the next change.
  [[nodiscard]] std::string_view view() const { return {octets_.data(), size_}; }
  // From an offset on: valid until clear().
  [[nodiscard]] std::string_view from(std::size_t offset) const { return view().substr(offset); }

 private:
  Size size_ = 0;  // before the octets, most of which are never fetched
  bool overflowed_ = false;
  std::array<char, Capacity> octets_;
};

}  // namespace sipring
