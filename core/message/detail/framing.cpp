// Spans recorded for the grammar, and the accelerators: a vector finds the colon and the first
// control octet of a line.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/framing.h>
#include <sipring/core/message/detail/name_hash.h>
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/detail/utf8.h>

#include <bit>

namespace sipring::detail {
namespace {

constexpr std::uint16_t crlf = word_of<std::uint16_t>("\r\n");
constexpr std::uint64_t version_cr = word_of<std::uint64_t>("SIP/2.0\r");
constexpr std::uint64_t version_space = word_of<std::uint64_t>("SIP/2.0 ");

bool is_white(char octet) {
  return octet == ' ' || octet == '\t';
}

// The first control octet at or after `text`; `end` or beyond when there is none before it.
inline const char* find_control(const char* text, const char* end) {
  for (; text < end; text += Block::size)
    if (const std::uint32_t controls = Block{text}.controls(); controls != 0)
      return text + std::countr_zero(controls);
  return end;
}

inline bool ends_line(const char* at, const char* end) {
  return end - at >= 2 && load<std::uint16_t>(at) == crlf;
}

bool is_letter(char octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

bool is_token(const char* text, std::size_t length) {
  return length != 0 && is_all<token_octet>({text, length});
}

}  // namespace

Framing::Framing(std::string_view bytes, Message& message)
    : begin_{bytes.data()}, end_{bytes.data() + bytes.size()}, message_{message} {
  message_.text_ = begin_;
  message_.header_count_ = 0;
  message_.method_ = Method::unknown;
  message_.status_ = 0;
  message_.method_name_ = message_.request_uri_ = message_.reason_ = {};
  message_.forgiven_ = {};
  message_.begin_ = 0;
  message_.body_ = message_.end_ = static_cast<std::uint16_t>(bytes.size());
}

void Framing::set_method(const char* first, const char* last) {
  message_.begin_ = static_cast<std::uint16_t>(first - begin_);
  message_.method_name_ = span(first, last);
  message_.method_ = method_from({first, last});
}

void Framing::set_request_uri(const char* first, const char* last) {
  message_.request_uri_ = span(first, last);
}

void Framing::set_status(const char* line, const char* digits) {
  message_.begin_ = static_cast<std::uint16_t>(line - begin_);
  message_.status_ = static_cast<std::uint16_t>((digits[0] - '0') * 100 + (digits[1] - '0') * 10 +
                                                (digits[2] - '0'));
}

void Framing::set_reason(const char* first, const char* last) {
  message_.reason_ = span(first, last);
  const std::string_view reason{first, last};
  if (const std::size_t bad = first_not_utf8(reason); bad != reason.size())
    forgive(Forgiveness::not_utf8, first + bad);
}

void Framing::set_body(const char* first) {
  message_.body_ = static_cast<std::uint16_t>(first - begin_);
}

void Framing::cut_body(std::uint32_t length) {
  message_.end_ = static_cast<std::uint16_t>(message_.body_ + length);
}

std::uint32_t Framing::head_size() const {
  return static_cast<std::uint32_t>(message_.body_ - message_.begin_);
}

std::uint32_t Framing::body_size() const {
  return static_cast<std::uint32_t>(message_.end_ - message_.body_);
}

bool Framing::add_header(std::string_view name, const char* value, const char* value_end) {
  if (message_.header_count_ == message_.max_headers_) return false;
  while (value != value_end && is_white(*value)) ++value;
  while (value != value_end && is_white(value_end[-1])) --value_end;
  const std::uint32_t index = message_.header_count_++;
  message_.ids_[index] = header_id_from(name);
  message_.entries_[index] = {span(name.data(), name.data() + name.size()), span(value, value_end)};
  return true;
}

void Framing::extend_header(const char* line, const char* line_end) {
  while (line != line_end && is_white(*line)) ++line;
  while (line != line_end && is_white(line_end[-1])) --line_end;
  if (line == line_end) return;  // nothing but white space: the value ends where it ended
  Message::Span& value = message_.entries_[message_.header_count_ - 1].value;
  value = span(value.length == 0 ? line : begin_ + value.offset, line_end);
}

const char* Framing::take_start_line(const char* line) {
  const std::uint32_t spaces = Block{line}.equal(' ');
  if (spaces == 0) return nullptr;
  if (load<std::uint64_t>(line) == version_space) return take_status_line(line);
  return take_request_line(line, static_cast<std::uint32_t>(std::countr_zero(spaces)));
}

const char* Framing::take_request_line(const char* line, std::uint32_t method_length) {
  if (method_length == 0) return nullptr;
  const Method method = find_method(line, method_length);
  if (method == Method::unknown) return nullptr;
  const char* const uri = line + method_length + 1;
  const char* stop = uri;
  for (; stop < end_; stop += Block::size)
    if (const std::uint32_t others = Block{stop}.not_visible(); others != 0) {
      stop += std::countr_zero(others);
      break;
    }
  constexpr std::ptrdiff_t rest = 10;  // " SIP/2.0" CRLF
  if (end_ - stop < rest || !is_letter(*uri) || *stop != ' ') return nullptr;
  if (load<std::uint64_t>(stop + 1) != version_cr || stop[9] != '\n') return nullptr;
  message_.begin_ = static_cast<std::uint16_t>(line - begin_);
  message_.method_name_ = span(line, line + method_length);
  message_.method_ = method;
  message_.request_uri_ = span(uri, stop);
  return stop + rest;
}

const char* Framing::take_status_line(const char* line) {
  const char* const code = line + 8;
  const char* const reason = code + 4;
  if (end_ <= reason || *code < '1' || *code > '6' || !is_digit(code[1]) || !is_digit(code[2]) ||
      code[3] != ' ')
    return nullptr;
  const char* const stop = find_control(reason, end_);
  if (!ends_line(stop, end_)) return nullptr;
  // A reason phrase with octets above ASCII, or a long one, is left to the grammar.
  if (stop - reason > Block::size || Block{reason}.above_ascii() != 0) return nullptr;
  set_status(line, code);
  message_.reason_ = span(reason, stop);
  return stop + 2;
}

// An ordinary line is: a name of up to 31 octets, a colon, one space, a value with neither control
// octets (tabs are left to the grammar too) nor white space at its ends, CRLF.
const char* Framing::take_lines(const char* line) {
  const char* const end = end_;
  if (end - line < 2) return line;
  const char* const last_crlf = end - 2;
  Message::Entry* entry = message_.entries_ + message_.header_count_;
  Message::Entry* const entries_end = message_.entries_ + message_.max_headers_;
  HeaderId* id = message_.ids_ + message_.header_count_;
  for (; entry != entries_end && line < last_crlf; ++entry, ++id) {
    const Block block{line};
    const std::uint32_t controls = block.controls();
    const auto name_length = static_cast<std::size_t>(std::countr_zero(block.equal(':')));
    const char* const value = line + name_length + 2;
    const char* const stop =
        controls != 0 ? line + std::countr_zero(controls) : find_control(line + Block::size, end);
    if (name_length - 1 >= Block::size - 1 || stop <= value || stop > last_crlf) break;
    if (value[-1] != ' ' || *value == ' ' || stop[-1] == ' ') break;
    if (load<std::uint16_t>(stop) != crlf) break;
    *id = find_header(line, name_length, block);
    if (*id == HeaderId::extension && !is_token(line, name_length)) break;
    *entry = {span(line, line + name_length), span(value, stop)};
    line = stop + 2;
  }
  message_.header_count_ = static_cast<std::uint32_t>(entry - message_.entries_);
  return line;
}

}  // namespace sipring::detail
