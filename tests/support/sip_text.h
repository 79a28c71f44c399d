// Messages as a human writes them: lines end in LF in the source and in CRLF on the wire; a leading
// newline is dropped.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sipring::test {

inline std::string sip(std::string_view text) {
  if (text.starts_with('\n')) text.remove_prefix(1);
  std::string wire;
  for (const char c : text) {
    if (c == '\n') wire += '\r';
    wire += c;
  }
  return wire;
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

// The value of the first header field with this exact name in a written message; "(none)" when
// absent.
inline std::string header_of(std::string_view message, std::string_view name) {
  const std::string start = "\r\n" + std::string(name) + ":";
  const std::size_t at = message.find(start);
  if (at == std::string_view::npos) return "(none)";
  std::size_t begin = at + start.size();
  while (begin < message.size() && message[begin] == ' ') ++begin;
  return std::string(message.substr(begin, message.find("\r\n", begin) - begin));
}

inline std::string first_line(std::string_view message) {
  return std::string(message.substr(0, message.find("\r\n")));
}

}  // namespace sipring::test
