// Lookup by name, and what quoted strings say. The iteration is ragel/params.rl.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/params.h>

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

}  // namespace

std::optional<std::string_view> parameter(std::string_view parameters, std::string_view name) {
  for (const Parameter& each : Parameters(parameters))
    if (detail::equals_ignoring_case(each.name, name)) return each.value;
  return std::nullopt;
}

std::optional<std::string_view> unquote(std::string_view value, std::span<char> room) {
  if (value.size() < 2 || value.front() != '"') return value;
  const std::string_view inner = value.substr(1, value.size() - 2);
  if (inner.find_first_of("\\\r\n") == inner.npos) return inner;
  Saying saying(room);
  for (std::size_t at = 0; at < inner.size();) {
    if (const std::size_t white = say_white_space(inner.substr(at), saying); white != 0) {
      at += white;
      continue;
    }
    if (inner[at] == '\\' && at + 1 < inner.size()) ++at;
    saying.put(inner[at++]);
  }
  return saying.text();
}

}  // namespace sipring
