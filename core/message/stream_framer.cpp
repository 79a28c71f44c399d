// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/stream_framer.h>
#include <sipring/core/message/unframed.h>

#include <cstring>
#include <optional>
#include <utility>

namespace sipring {

StreamFramer::Frame StreamFramer::next(std::string_view bytes) {
  if (bytes.empty()) return {};
  const bool between = scanned_ == 0 && head_size_ == 0;
  if (between && (bytes[0] == '\r' || bytes[0] == '\n')) return next_line_end(bytes);
  after_line_end_ = false;
  return next_message(bytes);
}

// Whether two CRLFs come in one piece or in two must make no difference, so each is told alone.
StreamFramer::Frame StreamFramer::next_line_end(std::string_view bytes) {
  const std::size_t size = bytes[0] == '\n' ? 1 : 2;
  if (bytes.size() < size) return {};
  if (bytes[size - 1] != '\n') return fail(ParseErrorCode::line_ending, size - 1);
  const bool is_second = std::exchange(after_line_end_, !after_line_end_);
  return {is_second ? Kind::keep_alive : Kind::line_end, size, {}};
}

StreamFramer::Frame StreamFramer::next_message(std::string_view bytes) {
  if (head_size_ == 0) {
    const bool found = find_blank_line(bytes);
    const std::size_t known = found ? head_size_ : bytes.size();
    if (known > limits_.head_bytes) {
      return fail(ParseErrorCode::message_too_large, limits_.head_bytes);
    }
    if (!found) return {};
    if (const Frame frame = read_head(bytes); frame.kind == Kind::broken) return frame;
  }
  return finish(bytes);
}

// A blank line is a line end behind a line end, CR or not.
bool StreamFramer::find_blank_line(std::string_view bytes) {
  while (scanned_ < bytes.size()) {
    const void* found = std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_);
    if (found == nullptr) {
      scanned_ = bytes.size();
      return false;
    }
    const auto line_end =
        static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) + 1;
    const std::string_view next = bytes.substr(line_end, 2);
    if (next.starts_with('\n') || next == "\r\n") {
      head_size_ = line_end + (next[0] == '\n' ? 1 : 2);
      return true;
    }
    scanned_ = line_end - 1;  // looked at again when what follows is there
    if (next.empty() || next == "\r") return false;
    scanned_ = line_end;
  }
  return false;
}

StreamFramer::Frame StreamFramer::read_head(std::string_view bytes) {
  message_size_ = head_size_;
  const auto word = find_unframed(bytes.substr(0, head_size_), HeaderId::content_length);
  if (!word) return {};
  const Parsed<std::uint32_t> length = parse_content_length(*word);
  if (!length) {
    const auto offset = static_cast<std::size_t>(word->data() - bytes.data());
    return fail(ParseErrorCode::content_length, offset + length.error().offset);
  }
  message_size_ += *length;
  return {};
}

StreamFramer::Frame StreamFramer::finish(std::string_view bytes) {
  const bool fits = message_size_ <= limits_.message_bytes;
  if (fits && bytes.size() < message_size_) return {Kind::incomplete, message_size_, {}};
  scanned_ = 0;
  head_size_ = 0;
  return {fits ? Kind::message : Kind::too_large, message_size_, {}};
}

StreamFramer::Frame StreamFramer::fail(ParseErrorCode code, std::size_t offset) const {
  return {Kind::broken, 0, {code, static_cast<std::uint32_t>(offset)}};
}

}  // namespace sipring
