// A slow, obvious reader of SIP messages, octet by octet. It shares nothing with the grammar and
// its accelerators but the rules, and the tests hold all three equal: same parts, same header
// fields, same error at the same octet.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cctype>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sipring::testing {

struct SplitHeader {
  std::string_view name, value;
};

struct SplitMessage {
  ParseError error;
  std::string_view method, request_uri, reason;
  int status = 0;
  std::vector<SplitHeader> headers;
  std::string_view body;  // when error is none
};

class Splitter {
 public:
  Splitter(std::string_view bytes, std::size_t max_headers)
      : bytes_{bytes}, max_headers_{max_headers} {}

  SplitMessage split() {
    if (bytes_.size() > 65535) {
      message_.error = {ParseErrorCode::message_too_large, 65535};
      return message_;
    }
    ParseError error = attempt([this] { read_start_line(), read_headers(); });
    message_.error = error;
    while (may_resume(error) && find_next_line(error.offset))
      error = attempt([this] { read_headers(); });
    if (message_.error.code == ParseErrorCode::none)
      message_.error = attempt([this] { cut_body(); });
    return message_;
  }

 private:
  template <class Step>
  static ParseError attempt(Step step) {
    try {
      step();
    } catch (const ParseError& error) {
      return error;
    }
    return {};
  }

  static bool may_resume(ParseError error) {
    return error.code != ParseErrorCode::none && error.code != ParseErrorCode::incomplete &&
           error.code != ParseErrorCode::too_many_headers;
  }

  // To the line after a broken one and its continuations.
  bool find_next_line(std::size_t offset) {
    at_ = offset == 0 ? 0 : offset - 1;
    do {
      while (at_ + 1 < bytes_.size() && (bytes_[at_] != '\r' || bytes_[at_ + 1] != '\n')) ++at_;
      if (at_ + 1 >= bytes_.size()) return false;
      at_ += 2;
    } while (at_ < bytes_.size() && is_white(bytes_[at_]));
    return true;
  }

  [[noreturn]] static void fail(ParseErrorCode code, std::size_t at) {
    throw ParseError{code, static_cast<std::uint32_t>(at)};
  }

  // The octet here cannot be: a bare LF, and whatever follows a CR, are wrong line endings wherever
  // they are.
  [[noreturn]] void refuse(ParseErrorCode code) const {
    const bool bare = bytes_[at_] == '\n' || (at_ > 0 && bytes_[at_ - 1] == '\r');
    fail(bare ? ParseErrorCode::line_ending : code, at_);
  }

  char peek() const {
    if (at_ == bytes_.size()) fail(ParseErrorCode::incomplete, bytes_.size());
    return bytes_[at_];
  }

  void expect(char octet, ParseErrorCode code) {
    if (peek() != octet) refuse(code);
    ++at_;
  }

  void expect_text(std::string_view lower, ParseErrorCode code) {
    for (const char octet : lower) {
      if (std::tolower(static_cast<unsigned char>(peek())) != octet) refuse(code);
      ++at_;
    }
  }

  void expect_line_end() {
    expect('\r', ParseErrorCode::line_ending);
    expect('\n', ParseErrorCode::line_ending);
  }

  static bool is_white(char octet) { return octet == ' ' || octet == '\t'; }
  static bool is_text(char octet) {
    const auto number = static_cast<unsigned char>(octet);
    return octet == '\t' || (number >= 0x20 && number != 0x7f);
  }
  static bool is_token(char octet) {
    return std::isalnum(static_cast<unsigned char>(octet)) != 0 ||
           (octet != 0 && std::string_view{"-.!%*_+`'~"}.find(octet) != std::string_view::npos);
  }
  static bool is_visible(char octet) { return octet > 0x20 && octet < 0x7f; }

  template <class Test>
  std::string_view read_while(Test test) {
    const std::size_t first = at_;
    while (test(peek())) ++at_;
    return bytes_.substr(first, at_ - first);
  }

  void read_start_line() {
    while (peek() == '\r') expect_line_end();
    if (!is_token(peek())) refuse(ParseErrorCode::start_line);
    const std::string_view word = read_while(is_token);
    if (equal(word, "sip") && peek() == '/') return read_status_line();
    if (peek() != ' ') refuse(ParseErrorCode::method);
    message_.method = word;
    ++at_;
    if (!is_visible(peek())) refuse(ParseErrorCode::request_uri);
    const std::string_view uri = read_while(is_visible);
    if (peek() != ' ') refuse(ParseErrorCode::request_uri);
    message_.request_uri = uri;
    ++at_;
    expect_text("sip/", ParseErrorCode::request_uri);
    expect_text("2.0", ParseErrorCode::sip_version);
    expect_line_end();
  }

  void read_status_line() {
    expect_text("/2.0 ", ParseErrorCode::sip_version);
    const std::size_t first = at_;
    for (int digit = 0; digit < 3; ++digit, ++at_)
      if (peek() < (digit == 0 ? '1' : '0') || peek() > (digit == 0 ? '6' : '9'))
        refuse(ParseErrorCode::status_code);
    if (peek() != ' ') refuse(ParseErrorCode::status_code);
    for (std::size_t i = first; i < at_; ++i)
      message_.status = message_.status * 10 + bytes_[i] - '0';
    ++at_;
    const std::string_view reason = read_while(is_text);
    if (peek() != '\r') refuse(ParseErrorCode::start_line);
    message_.reason = reason;
    expect_line_end();
  }

  void read_headers() {
    while (peek() != '\r') {
      if (is_white(peek()) && !message_.headers.empty())
        read_continuation();
      else
        read_header();
    }
    expect_line_end();
    message_.body = bytes_.substr(at_);
  }

  void read_header() {
    const std::size_t first = at_;
    const std::string_view name = read_while(is_token);
    if (name.empty()) refuse(ParseErrorCode::header_name);
    read_while(is_white);
    expect(':', ParseErrorCode::header_name);
    const std::string_view value = trim(read_value());
    if (message_.headers.size() == max_headers_) fail(ParseErrorCode::too_many_headers, first);
    message_.headers.push_back({name, value});
  }

  void read_continuation() {
    const std::string_view more = trim(read_value());
    if (more.empty()) return;
    std::string_view& value = message_.headers.back().value;
    const char* const first = value.empty() ? more.data() : value.data();
    value = {first, static_cast<std::size_t>(more.data() + more.size() - first)};
  }

  // Up to the end of the line. Behind a backslash any octet may stand, but for those of line
  // endings.
  std::string_view read_value() {
    const std::size_t first = at_;
    while (peek() != '\r') {
      if (!is_text(peek())) refuse(ParseErrorCode::header_value);
      const bool escapes = peek() == '\\';
      ++at_;
      if (escapes && peek() != '\r' && peek() != '\n') ++at_;
    }
    const std::string_view value = bytes_.substr(first, at_ - first);
    expect_line_end();
    return value;
  }

  static std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == text.npos) return text.substr(text.size());
    return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
  }

  void cut_body() {
    std::optional<std::uint64_t> length;
    for (const SplitHeader& header : message_.headers) {
      if (!equal(header.name, "content-length") && !equal(header.name, "l")) continue;
      const auto offset = static_cast<std::size_t>(header.value.data() - bytes_.data());
      const std::uint64_t number = read_length(header.value, offset);
      if (length && *length != number) fail(ParseErrorCode::content_length, offset);
      length = number;
    }
    if (!length) return;
    if (*length > message_.body.size()) fail(ParseErrorCode::incomplete, bytes_.size());
    message_.body = message_.body.substr(0, *length);
  }

  static std::uint64_t read_length(std::string_view value, std::size_t offset) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] < '0' || value[i] > '9') fail(ParseErrorCode::content_length, offset + i);
      if (number <= 0xffffffff) number = number * 10 + static_cast<std::uint64_t>(value[i] - '0');
    }
    if (value.empty() || number > 0xffffffff) fail(ParseErrorCode::content_length, offset);
    return number;
  }

  static bool equal(std::string_view text, std::string_view lower) {
    if (text.size() != lower.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
      if (std::tolower(static_cast<unsigned char>(text[i])) != lower[i]) return false;
    return true;
  }

  std::string_view bytes_;
  std::size_t max_headers_;
  std::size_t at_ = 0;
  SplitMessage message_;
};

}  // namespace sipring::testing
