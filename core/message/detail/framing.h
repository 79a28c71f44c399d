// What the framing grammar calls while it reads, and the accelerators that read ordinary lines in
// its place.
//
// An accelerator takes a line only where the grammar would accept it with the same result; it
// returns how far it came, and the grammar goes on from there. parse_plain() (plain.h) never calls
// one: the tests hold the two equal.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/parser.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring::detail {

class Framing {
 public:
  Framing(std::string_view bytes, Message& message);

  [[nodiscard]] const char* begin() const { return begin_; }
  [[nodiscard]] const char* end() const { return end_; }
  [[nodiscard]] Message& message() { return message_; }
  [[nodiscard]] bool has_headers() const { return message_.header_count_ != 0; }

  void set_method(const char* first, const char* last);  // where the message begins
  void set_request_uri(const char* first, const char* last);
  void set_status(const char* line, const char* digits);
  void set_reason(const char* first, const char* last);
  void set_body(const char* first);
  void forgive(Forgiveness kind, const char* where) {
    message_.forgiven_.add(kind, static_cast<std::size_t>(where - begin_));
  }
  void cut_body(std::uint32_t length);
  [[nodiscard]] std::uint32_t head_size() const;
  [[nodiscard]] std::uint32_t body_size() const;

  // White space around the value is left out. False when the message is full.
  bool add_header(std::string_view name, const char* value, const char* value_end);
  // A continuation line of the last header field.
  void extend_header(const char* line, const char* line_end);

  // The octet after the start line, or null to decline.
  const char* take_start_line(const char* line);
  // The first octet that was not taken: `line` itself when it declines at once.
  const char* take_lines(const char* line);

 private:
  [[nodiscard]] Message::Span span(const char* first, const char* last) const {
    return {static_cast<std::uint16_t>(first - begin_), static_cast<std::uint16_t>(last - first)};
  }
  const char* take_request_line(const char* line, std::uint32_t method_length);
  const char* take_status_line(const char* line);

  const char* begin_;
  const char* end_;
  Message& message_;
};

enum class FrameFrom : std::uint8_t { start_line, first_line, line };

// Runs the grammar from `at` up to and including the blank line. Code `none` when that was reached.
template <bool accelerated>
ParseError frame(Framing& framing, const char* at, FrameFrom from);

}  // namespace sipring::detail
