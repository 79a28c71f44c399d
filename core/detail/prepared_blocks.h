// PreparedBlocks: the header blocks of the responses that an engine's user gives, by number, so
// that a transaction can name its own in one octet.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header_block.h>

#include <array>
#include <cstdint>
#include <optional>

namespace sipring::detail {

class PreparedBlocks {
 public:
  // nullopt: there are more of them than a user makes at its start. No block has a number, too.
  [[nodiscard]] std::optional<std::uint8_t> number_of(const HeaderBlock* block) {
    if (block == nullptr) return none;
    for (std::uint8_t number = 0; number < count_; ++number) {
      if (blocks_[number] == *block) return number;
    }
    if (count_ == blocks_.size()) return std::nullopt;
    blocks_[count_] = *block;
    return count_++;
  }
  // nullptr: none.
  [[nodiscard]] const HeaderBlock* at(std::uint8_t number) const {
    return number == none ? nullptr : &blocks_[number];
  }

 private:
  static constexpr std::uint8_t none = 63;

  std::array<HeaderBlock, none> blocks_;
  std::uint8_t count_ = 0;
};

}  // namespace sipring::detail
