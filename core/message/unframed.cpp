// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/unframed.h>

#include <cstddef>
#include <cstring>

namespace sipring {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool begins_with_name(std::string_view text, std::string_view name) {
  return detail::equals_ignoring_case(text.substr(0, name.size()), name);
}

struct Names {
  std::string_view long_form;
  char compact;  // 0: there is none
};

// The offset behind "name" HCOLON when the line at the start of `text` has that name.
std::optional<std::size_t> after_name(std::string_view text, const Names& names) {
  if (text.empty()) return std::nullopt;
  const auto begins_as = [&](char name) { return (text[0] | 0x20) == (name | 0x20); };
  if (!begins_as(names.long_form[0]) && !begins_as(names.compact)) return std::nullopt;
  std::size_t at = 0;
  if (begins_with_name(text, names.long_form)) {
    at = names.long_form.size();
  } else if (names.compact != 0 && begins_with_name(text, {&names.compact, 1})) {
    at = 1;
  } else {
    return std::nullopt;
  }
  while (at < text.size() && is_blank(text[at])) ++at;
  if (at == text.size() || text[at] != ':') return std::nullopt;
  return at + 1;
}

// Skips white space, and line ends that a blank follows.
std::size_t skip_white_space(std::string_view text, std::size_t at) {
  for (;;) {
    while (at < text.size() && is_blank(text[at])) ++at;
    std::size_t next = at;
    if (next < text.size() && text[next] == '\r') ++next;
    if (next < text.size() && text[next] == '\n') ++next;
    if (next == at || next >= text.size() || !is_blank(text[next])) return at;
    at = next;
  }
}

std::string_view first_word(std::string_view text, std::size_t at) {
  const std::size_t start = skip_white_space(text, at);
  const std::size_t end = text.find_first_of(" \t\r\n", start);
  return text.substr(start, end == std::string_view::npos ? end : end - start);
}

// The line that is a blank's is part of the field before.
std::string_view value_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  do {
    end = text.find('\n', end);
    if (end == std::string_view::npos) return text.substr(at);
    ++end;
  } while (end < text.size() && is_blank(text[end]));
  --end;
  if (end > at && text[end - 1] == '\r') --end;
  return text.substr(at, end - at);
}

// Calls `look` with the text from the start of each line of the head on, the start line apart,
// until it says that it has seen enough.
template <class Look>
void each_line(std::string_view message, Look look) {
  std::string_view rest = message;
  while (rest.starts_with("\r\n")) rest.remove_prefix(2);  // section 7.5: to be ignored
  while (!rest.empty()) {
    const void* line_end = std::memchr(rest.data(), '\n', rest.size());
    if (line_end == nullptr) return;
    rest.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(line_end) - rest.data()) +
                       1);
    if (look(rest)) return;
    if (rest.starts_with("\r\n") || rest.starts_with('\n')) return;  // the body
  }
}

Names names_of(HeaderId id) {
  return {to_string(id), compact_form(id).value_or(0)};
}

}  // namespace

std::optional<std::string_view> find_unframed(std::string_view message, HeaderId id) {
  const Names names = names_of(id);
  std::optional<std::string_view> word;
  each_line(message, [&](std::string_view rest) {
    if (const auto value = after_name(rest, names)) word = first_word(rest, *value);
    return word.has_value();
  });
  return word;
}

std::array<std::optional<std::string_view>, 2> find_unframed_values(std::string_view message,
                                                                    HeaderId one, HeaderId other) {
  const std::array names{names_of(one), names_of(other)};
  std::array<std::optional<std::string_view>, 2> values;
  each_line(message, [&](std::string_view rest) {
    for (std::size_t i = 0; i < 2; ++i) {
      if (values[i]) continue;
      if (const auto value = after_name(rest, names[i])) values[i] = value_at(rest, *value);
    }
    return values[0] && values[1];
  });
  return values;
}

std::string_view first_word(std::string_view value) {
  return first_word(value, 0);
}

}  // namespace sipring
