// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/stream_framer.h>
#include <sipring/core/message/unframed.h>

#include <cstring>
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
    if (scanned_ == 0) octets_read_ = 0;
    read_lines(bytes.substr(0, std::size_t{limits_.head_bytes} + 1));  // more is no head
    const std::size_t known = head_size_ != 0 ? head_size_ : bytes.size();
    if (known > limits_.head_bytes) {
      return fail(ParseErrorCode::message_too_large, limits_.head_bytes);
    }
    if (head_size_ == 0) return {};
    if (length_ != Length::known) return fail_for_length();
    message_size_ += head_size_;
  }
  return finish(bytes);
}

// Each line once, when it is whole: whether it goes on in the next one, that one's first octet
// says.
void StreamFramer::read_lines(std::string_view bytes) {
  while (scanned_ < bytes.size()) {
    const void* found = std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_);
    const auto line_end = static_cast<std::uint32_t>(
        found == nullptr
            ? bytes.size()
            : static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) + 1);
    octets_read_ += line_end - scanned_;
    scanned_ = line_end;
    if (found == nullptr) return;
    const std::string_view line = bytes.substr(line_, line_end - line_);
    if (line == "\n" || line == "\r\n") {
      head_size_ = line_end;
      return;
    }
    if (line_end == bytes.size()) {
      scanned_ = line_end - 1;
      return;
    }
    if (bytes[line_end] == ' ' || bytes[line_end] == '\t') continue;
    if (line_ != 0) read_header(line);
    line_ = line_end;
  }
}

// Two lengths that differ are two ways to cut the stream: none of them is believed.
void StreamFramer::read_header(std::string_view line) {
  const char first = static_cast<char>(line.front() | 0x20);
  if (first != 'c' && first != 'l') return;
  octets_read_ += static_cast<std::uint32_t>(line.size());
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, line.find_last_not_of(" \t", colon - 1) + 1);
  if (header_id_from(name) != HeaderId::content_length) return;
  const std::string_view word = first_word(line.substr(colon + 1));
  const Parsed<std::uint32_t> length = parse_content_length(word);
  const bool agrees = length && (length_ == Length::absent || message_size_ == *length);
  if (length_ == Length::wrong) return;
  if (agrees) {
    length_ = Length::known;
    message_size_ = *length;
    return;
  }
  const auto at = static_cast<std::uint32_t>(word.data() - line.data()) + line_;
  length_ = Length::wrong;
  wrong_at_ = at + (length ? 0 : length.error().offset);
}

// Section 18.3: nobody can say where the next message begins.
StreamFramer::Frame StreamFramer::fail_for_length() const {
  Frame frame = length_ == Length::absent ? fail(ParseErrorCode::missing_header, head_size_)
                                          : fail(ParseErrorCode::content_length, wrong_at_);
  frame.size = head_size_;
  return frame;
}

StreamFramer::Frame StreamFramer::finish(std::string_view bytes) {
  const bool fits = message_size_ <= limits_.message_bytes;
  if (fits && bytes.size() < message_size_) return {Kind::incomplete, message_size_, {}};
  const std::uint64_t size = message_size_;
  scanned_ = line_ = head_size_ = 0;
  message_size_ = 0;
  length_ = Length::absent;
  return {fits ? Kind::message : Kind::too_large, size, {}};
}

StreamFramer::Frame StreamFramer::fail(ParseErrorCode code, std::size_t offset) const {
  return {Kind::broken, 0, {code, static_cast<std::uint32_t>(offset)}};
}

}  // namespace sipring
