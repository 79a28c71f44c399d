// Lines of a system's file and the words in them; a '#' or ';' ends a line.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace sipring::dns::detail {

// Takes a line off the front of `text`, without its end and its comment.
inline std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
  return line.substr(0, line.find_first_of("#;"));
}

// Takes a word off the front; "" when there is none.
inline std::string_view take_word(std::string_view& line) {
  constexpr std::string_view white = " \t\r";
  const std::size_t begin = line.find_first_not_of(white);
  if (begin == std::string_view::npos) return line = {};
  line.remove_prefix(begin);
  const std::string_view word = line.substr(0, line.find_first_of(white));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace sipring::dns::detail
