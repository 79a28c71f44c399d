// A text that grows in room of the caller; what does not fit is counted out, and nothing is written
// beyond the room.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/uri_escape.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring::detail {

[[nodiscard]] bool is_plain_in(UriPart part, char octet);

class TextRoom {
 public:
  explicit TextRoom(std::span<char> room) : room_(room) {}

  void add(std::string_view text) {
    fits_ = fits_ && text.size() <= room_.size() - size_;
    if (!fits_) return;
    std::ranges::copy(text, room_.data() + size_);
    size_ += text.size();
  }
  void add(char octet) { add({&octet, 1}); }
  void add_escaped(UriPart part, char octet) {
    if (is_plain_in(part, octet)) return add(octet);
    add_escape(octet);
  }
  void add_escape(char octet) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto number = static_cast<unsigned char>(octet);
    const std::array<char, 3> escape{'%', digits[number / 16], digits[number % 16]};
    add({escape.data(), escape.size()});
  }

  // ":5060"; nothing for 0.
  void add_port(std::uint16_t port) {
    if (port == 0) return;
    std::array<char, 6> digits;
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), port).ptr;
    add(':');
    add({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }

  [[nodiscard]] UriText text() const {
    if (!fits_) return std::unexpected(UriError::no_room);
    return std::string_view{room_.data(), size_};
  }

 private:
  std::span<char> room_;
  std::size_t size_ = 0;
  bool fits_ = true;
};

}  // namespace sipring::detail
