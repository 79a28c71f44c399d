// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/header_line_text.h>

#include <cstddef>

namespace sipring {
namespace {

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (text[at] == ' ' || text[at] == '\t');
}

}  // namespace

std::string_view whole_line(const Message& message, const HeaderField& field) {
  const std::string_view head = message.head();
  const auto begin = static_cast<std::size_t>(field.name.data() - head.data());
  auto at = static_cast<std::size_t>(field.value.data() + field.value.size() - head.data());
  do {
    at = head.find('\n', at);
    if (at == std::string_view::npos) return head.substr(begin);
    ++at;
  } while (continues(head, at));
  return head.substr(begin, at - begin);
}

std::string_view line_text(const Message& message, const HeaderField& field) {
  std::string_view line = whole_line(message, field);
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace sipring
