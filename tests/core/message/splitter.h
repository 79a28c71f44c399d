// A slow, obvious reader of SIP messages, octet by octet. It shares nothing with the grammar and
// its accelerators but the rules, and the tests hold all three equal: same parts, same header
// fields, same error at the same octet.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
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
  Forgiven forgiven;
};

class Splitter {
 public:
  Splitter(std::string_view bytes, std::size_t max_headers)
      : bytes_{bytes}, max_headers_{max_headers} {}

  SplitMessage split() {
    const bool too_large = bytes_.size() > 65535;
    bytes_ = bytes_.substr(0, 65535);
    ParseError error = attempt([this] { read_start_line(), read_headers(); });
    message_.error = error;
    while (may_resume(error) && find_next_line(error.offset))
      error = attempt([this] { read_headers(); });
    if (too_large) message_.error = {ParseErrorCode::message_too_large, 65535};
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
    at_ = offset;
    continues_ = !message_.headers.empty();
    do {
      while (at_ < bytes_.size() && bytes_[at_] != '\n') ++at_;
      if (at_ == bytes_.size()) return false;
      ++at_;
    } while (at_ < bytes_.size() && is_white(bytes_[at_]));
    return true;
  }

  [[noreturn]] static void fail(ParseErrorCode code, std::size_t at) {
    throw ParseError{code, static_cast<std::uint32_t>(at)};
  }

  // The octet here cannot be: whatever follows a CR is a wrong line ending wherever it is.
  [[noreturn]] void refuse(ParseErrorCode code) const {
    const bool after_cr = at_ > 0 && bytes_[at_ - 1] == '\r';
    fail(after_cr ? ParseErrorCode::line_ending : code, at_);
  }

  void forgive(Forgiveness kind) { message_.forgiven.add(kind, at_); }

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

  // CRLF, or LF, which is forgiven but may not be followed by a continuation line.
  void expect_line_end() {
    continues_ = peek() != '\n';
    if (continues_) {
      expect('\r', ParseErrorCode::line_ending);
    } else {
      forgive(Forgiveness::bare_line_feed);
    }
    expect('\n', ParseErrorCode::line_ending);
  }

  static bool is_line_end(char octet) { return octet == '\r' || octet == '\n'; }

  // One space is right, more are forgiven.
  void read_spaces(ParseErrorCode code) {
    expect(' ', code);
    for (; peek() == ' '; ++at_) forgive(Forgiveness::white_space_in_start_line);
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
  static bool is_of_uri(char octet) {  // octets above ASCII are parse_uri's to judge
    const auto number = static_cast<unsigned char>(octet);
    return number > 0x20 && number != 0x7f;
  }

  template <class Test>
  std::string_view read_while(Test test) {
    const std::size_t first = at_;
    while (test(peek())) ++at_;
    return bytes_.substr(first, at_ - first);
  }

  void read_start_line() {
    while (is_line_end(peek())) expect_line_end();
    if (!is_token(peek())) refuse(ParseErrorCode::start_line);
    const std::string_view word = read_while(is_token);
    if (equal(word, "sip") && peek() == '/') return read_status_line();
    if (peek() != ' ') refuse(ParseErrorCode::method);
    message_.method = word;
    read_spaces(ParseErrorCode::method);
    if (std::isalpha(static_cast<unsigned char>(peek())) == 0) refuse(ParseErrorCode::request_uri);
    const std::string_view uri = read_while(is_of_uri);
    if (peek() != ' ') refuse(ParseErrorCode::request_uri);
    message_.request_uri = uri;
    read_spaces(ParseErrorCode::request_uri);
    expect_text("sip/", ParseErrorCode::request_uri);
    expect_text("2.0", ParseErrorCode::sip_version);
    for (; is_white(peek()); ++at_) forgive(Forgiveness::white_space_in_start_line);
    expect_line_end();
  }

  void read_status_line() {
    expect_text("/2.0", ParseErrorCode::sip_version);
    read_spaces(ParseErrorCode::sip_version);
    const std::size_t first = at_;
    for (int digit = 0; digit < 3; ++digit, ++at_)
      if (peek() < (digit == 0 ? '1' : '0') || peek() > (digit == 0 ? '6' : '9'))
        refuse(ParseErrorCode::status_code);
    if (peek() != ' ' && !is_line_end(peek())) refuse(ParseErrorCode::status_code);
    for (std::size_t i = first; i < at_; ++i)
      message_.status = message_.status * 10 + bytes_[i] - '0';
    if (peek() == ' ')
      read_reason();
    else
      forgive(Forgiveness::missing_reason_space);
    expect_line_end();
  }

  void read_reason() {
    const std::size_t first = ++at_;
    const std::string_view reason = read_while(is_text);
    if (!is_line_end(peek())) refuse(ParseErrorCode::start_line);
    message_.reason = reason;
    for (std::size_t i = 0; i < reason.size(); i += character_length(reason.substr(i)))
      if (character_length(reason.substr(i)) == 0)
        return message_.forgiven.add(Forgiveness::not_utf8, first + i);
  }

  // Of the UTF-8 character that begins the text; 0 when there is none.
  static std::size_t character_length(std::string_view text) {
    const auto octet = [&](std::size_t i) -> unsigned int {
      return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
    };
    if (octet(0) < 0x80) return 1;
    const std::size_t length = octet(0) < 0xc2   ? 0
                               : octet(0) < 0xe0 ? 2
                               : octet(0) < 0xf0 ? 3
                               : octet(0) < 0xf5 ? 4
                                                 : 0;
    unsigned int number = octet(0) & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
      if ((octet(i) & 0xc0) != 0x80) return 0;
      number = number << 6 | (octet(i) & 0x3f);
    }
    constexpr unsigned int least[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = number >= 0xd800 && number <= 0xdfff;
    return number < least[length] || number > 0x10ffff || surrogate ? 0 : length;
  }

  void read_headers() {
    while (!is_line_end(peek())) {
      if (is_white(peek()) && continues_ && !message_.headers.empty())
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
    while (!is_line_end(peek())) {
      if (!is_text(peek())) refuse(ParseErrorCode::header_value);
      const bool escapes = peek() == '\\';
      ++at_;
      if (escapes && !is_line_end(peek())) ++at_;
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
      if (length) message_.forgiven.add(Forgiveness::repeated_content_length, offset);
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
  bool continues_ = true;  // white space may continue the line before
  SplitMessage message_;
};

}  // namespace sipring::testing
