// HeaderBlock: header fields that go into many messages, checked and written once.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/header_list.h>
#include <sipring/core/message/writer.h>

#include <string>
#include <string_view>
#include <utility>

namespace sipring {

// To be made at start (it allocates) and given to messages as Response::block or
// Request::block.
class HeaderBlock {
 public:
  HeaderBlock() = default;
  // A line that must not be written (a name that is no token, CR or LF in a value) is our mistake.
  explicit HeaderBlock(std::span<const HeaderLine> lines);

  // Lines that end in CRLF, or nothing. Lives as long as the block.
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool has(HeaderId id) const { return kinds_[std::to_underlying(id)]; }

 private:
  std::string text_;
  HeaderSet kinds_;
};

}  // namespace sipring
