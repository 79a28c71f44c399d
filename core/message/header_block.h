// HeaderBlock: header fields that go into many messages, checked and written once. Copies share
// what is written.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/header_list.h>
#include <sipring/core/message/writer.h>

#include <memory>
#include <span>
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

  // Lines that end in CRLF, or nothing. Lives as long as the block, or a copy of it.
  [[nodiscard]] std::string_view text() const {
    return lines_ ? std::string_view(lines_->text) : std::string_view{};
  }
  [[nodiscard]] bool has(HeaderId id) const {
    return lines_ && lines_->kinds[std::to_underlying(id)];
  }
  friend bool operator==(const HeaderBlock& one, const HeaderBlock& other) {
    return one.lines_ == other.lines_ || one.text() == other.text();
  }

 private:
  struct Lines {
    std::string text;
    HeaderSet kinds;
  };
  std::shared_ptr<const Lines> lines_;
};

}  // namespace sipring
