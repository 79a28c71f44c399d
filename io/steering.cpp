// SPDX-License-Identifier: MIT
#include <sipring/io/steering.h>

#include <cstddef>
#include <cstring>

namespace sipring {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Letters only; the other side is lower case.
bool equal_lower(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] | 0x20) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// The offset behind "Call-ID" HCOLON when the line at the start of `text` is one, folds included
// (section 25.1).
std::optional<std::size_t> after_name(std::string_view text) {
  std::size_t name = 0;
  if (!text.empty() && (text[0] == 'i' || text[0] == 'I')) name = 1;
  if (equal_lower(text.substr(0, 7), "call-id")) name = 7;
  if (name == 0) return std::nullopt;
  while (name < text.size() && is_blank(text[name])) ++name;
  if (name == text.size() || text[name] != ':') return std::nullopt;
  return name + 1;
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

std::string_view value_at(std::string_view text, std::size_t at) {
  const std::size_t start = skip_white_space(text, at);
  const std::size_t end = text.find_first_of(" \t\r\n", start);
  return text.substr(start, end == std::string_view::npos ? end : end - start);
}

}  // namespace

std::optional<std::string_view> find_call_id(std::string_view datagram) {
  std::string_view rest = datagram;
  while (rest.starts_with("\r\n")) rest.remove_prefix(2);  // section 7.5: to be ignored
  while (!rest.empty()) {
    const void* line_end = std::memchr(rest.data(), '\n', rest.size());
    if (line_end == nullptr) return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(line_end) - rest.data()) +
                       1);
    if (const auto value = after_name(rest)) return value_at(rest, *value);
    if (rest.starts_with("\r\n") || rest.starts_with('\n')) return std::nullopt;  // the body
  }
  return std::nullopt;
}

std::uint32_t Steering::home_of(std::string_view call_id) const {
  Hasher hasher(seed_);
  hasher.add(call_id);
  return static_cast<std::uint32_t>(hasher.finish().low % shards_);
}

std::optional<std::uint32_t> Steering::home_of_datagram(std::string_view datagram) const {
  const auto call_id = find_call_id(datagram);
  if (!call_id) return std::nullopt;
  return home_of(*call_id);
}

}  // namespace sipring
