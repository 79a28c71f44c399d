// What texts say. Reading them is ragel/text.rl.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/text.h>

#include <cstddef>

namespace sipring {
namespace {

// Writes what fits; counts all of it.
class Saying {
 public:
  explicit Saying(std::span<char> room) : room_(room) {}
  void put(char octet) {
    if (size_ < room_.size()) room_[size_] = octet;
    ++size_;
  }
  [[nodiscard]] std::optional<std::string_view> text() const {
    if (size_ > room_.size()) return std::nullopt;
    return std::string_view(room_.data(), size_);
  }

 private:
  std::span<char> room_;
  std::size_t size_ = 0;
};

// The white space at the beginning of `text` as it is, or one space where it folds. Returns its
// size.
std::size_t say_white_space(std::string_view text, Saying& saying) {
  const std::string_view white = text.substr(0, text.find_first_not_of(" \t\r\n"));
  if (white.find_first_of("\r\n") != white.npos)
    saying.put(' ');
  else
    for (const char octet : white) saying.put(octet);
  return white.size();
}

std::optional<std::string_view> say(std::string_view text, std::span<char> room, bool escapes) {
  if (text.find_first_of(escapes ? "\\\r\n" : "\r\n") == text.npos) return text;
  Saying saying(room);
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t white = say_white_space(text.substr(at), saying); white != 0) {
      at += white;
      continue;
    }
    if (escapes && text[at] == '\\' && at + 1 < text.size()) ++at;
    saying.put(text[at++]);
  }
  return saying.text();
}

}  // namespace

std::optional<std::string_view> unfold(std::string_view text, std::span<char> room) {
  return say(text, room, false);
}

std::optional<std::string_view> unescape_quoted(std::string_view inner, std::span<char> room) {
  return say(inner, room, true);
}

std::optional<std::string_view> unquote(std::string_view value, std::span<char> room) {
  if (value.size() < 2 || value.front() != '"') return value;
  return unescape_quoted(value.substr(1, value.size() - 2), room);
}

std::optional<std::string_view> escape_quoted(std::string_view text, std::span<char> room) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos) return std::nullopt;
  if (text.find_first_of("\"\\") == text.npos) return text;
  Saying saying(room);
  for (const char octet : text) {
    if (octet == '"' || octet == '\\') saying.put('\\');
    saying.put(octet);
  }
  return saying.text();
}

}  // namespace sipring
