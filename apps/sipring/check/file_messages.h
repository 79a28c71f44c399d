// FileMessages: the messages of a file one after the other. A file with one message is that message
// with all that stands behind it; where another start line follows, each is for itself.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sipring::app {

struct FileMessage {
  std::string_view octets;
  std::size_t number = 0;  // from 1
  std::size_t offset = 0;  // in the file
};

class FileMessages {
 public:
  // `octets` outlive this.
  explicit FileMessages(std::string_view octets) : octets_(octets) {}

  // nullopt after the last. There is one at least, be the file empty.
  [[nodiscard]] std::optional<FileMessage> next();
  // Whether next() will give another.
  [[nodiscard]] bool has_more() const { return number_ == 0 || offset_ < octets_.size(); }

 private:
  struct Cut {
    std::size_t end = 0;    // of the message
    std::size_t begin = 0;  // of the next one
  };
  [[nodiscard]] static Cut cut(std::string_view rest);

  std::string_view octets_;
  std::size_t offset_ = 0;
  std::size_t number_ = 0;
};

}  // namespace sipring::app
