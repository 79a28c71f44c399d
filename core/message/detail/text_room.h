// TextRoom: where a builder keeps the texts that it was given or has made, one behind the other.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/detail/text_writer.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// begin(), put() as often as it takes, end(). Texts stay where they are until clear().
class TextRoom {
 public:
  explicit TextRoom(std::span<char> octets) : octets_(octets), text_(octets) {}

  void clear() {
    used_ = last_ = 0;
    begin();
  }

  void begin() { text_ = TextWriter(octets_.subspan(used_)); }
  void put(std::string_view text) { text_ << text; }
  void put(std::uint32_t number) { text_ << number; }
  // What was put since begin(); nullopt, and nothing is kept of it, when it did not fit.
  [[nodiscard]] std::optional<std::string_view> end() {
    if (!text_.fits()) return std::nullopt;
    last_ = used_;
    used_ += text_.size();
    return text_.view();
  }
  // The text that end() returned last is not needed.
  void take_back() { used_ = last_; }

 private:
  std::span<char> octets_;
  std::size_t used_ = 0;
  std::size_t last_ = 0;  // where the text begins that end() returned last
  TextWriter text_;       // what is being put
};

}  // namespace sipring
