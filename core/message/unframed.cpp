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

std::string_view word_at(std::string_view text, std::size_t at) {
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

// The first field of this kind: what `view_of(text, offset behind HCOLON)` makes of it.
template <class ViewOf>
std::optional<std::string_view> find(std::string_view message, HeaderId id, ViewOf view_of) {
  const Names names{to_string(id), compact_form(id).value_or(0)};
  std::string_view rest = message;
  while (rest.starts_with("\r\n")) rest.remove_prefix(2);  // section 7.5: to be ignored
  while (!rest.empty()) {
    const void* line_end = std::memchr(rest.data(), '\n', rest.size());
    if (line_end == nullptr) return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(line_end) - rest.data()) +
                       1);
    if (const auto value = after_name(rest, names)) return view_of(rest, *value);
    if (rest.starts_with("\r\n") || rest.starts_with('\n')) return std::nullopt;  // the body
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> find_unframed(std::string_view message, HeaderId id) {
  return find(message, id, word_at);
}

std::optional<std::string_view> find_unframed_value(std::string_view message, HeaderId id) {
  return find(message, id, value_at);
}

}  // namespace sipring
