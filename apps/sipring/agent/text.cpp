// SPDX-License-Identifier: MIT
#include <agent/text.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace sipring::app {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  return true;
}

std::optional<std::string_view> take_until(std::string_view& rest, char separator) {
  if (rest.empty()) return std::nullopt;
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

bool is_user(std::string_view escaped, std::string_view name) {
  std::size_t at = 0;
  for (const char wanted : name) {
    if (at >= escaped.size()) return false;
    char c = escaped[at++];
    if (c == '%' && at + 2 <= escaped.size()) {
      unsigned value = 0;
      const char* digits = escaped.data() + at;
      if (std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2) return false;
      c = static_cast<char>(value);
      at += 2;
    }
    if (c != wanted) return false;
  }
  return at == escaped.size();
}

}  // namespace sipring::app
