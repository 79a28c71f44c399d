// TextRoom: where a builder keeps the texts that it was given or has made, one behind the other.
// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// begin(), put() as often as it takes, end(). Texts stay where they are until clear().
class TextRoom {
 public:
  explicit TextRoom(std::span<char> octets) : octets_(octets) {}

  void clear() { used_ = begin_ = 0, fits_ = true; }

  void begin() { begin_ = used_, fits_ = true; }
  void put(std::string_view text) {
    fits_ = fits_ && text.size() <= octets_.size() - used_;
    if (!fits_ || text.empty()) return;
    std::memcpy(octets_.data() + used_, text.data(), text.size());
    used_ += text.size();
  }
  void put(std::uint32_t number) {
    char digits[10];
    const char* const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    put(std::string_view(digits, end));
  }
  // What was put since begin(); nullopt, and nothing is kept of it, when it did not fit.
  [[nodiscard]] std::optional<std::string_view> end() {
    if (!fits_) {
      used_ = begin_;
      return std::nullopt;
    }
    return std::string_view(octets_.data() + begin_, used_ - begin_);
  }
  // The text that end() returned last is not needed.
  void take_back() { used_ = begin_; }

  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  std::span<char> octets_;
  std::size_t used_ = 0;
  std::size_t begin_ = 0;  // of the text that is being put
  bool fits_ = true;
};

}  // namespace sipring
