// What the SDP machines of ragel/ share: the text under the machine, what was forgiven in it, and
// how a mistake becomes an error.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::sdp::detail {

using sipring::detail::octets;
using sipring::detail::text_from;

// The names p, pe and cs are Ragel's.
struct Input {
  Input(std::string_view value, int start)
      : first(octets(value.data())), p(first), pe(first + value.size()), cs(start) {}

  const unsigned char* first;
  const unsigned char* p;
  const unsigned char* pe;
  int cs;
  const unsigned char* begin = first;  // of the word that is being read
  Forgiven forgiven;

  void mark() { begin = p; }
  [[nodiscard]] std::string_view word() const { return text_from(begin, p); }
  void forgive(Forgiveness kind) { forgiven.add(kind, static_cast<std::size_t>(p - first)); }
  void forgive(Forgiveness kind, std::string_view part) { forgiven.add(kind, offset_of(part)); }

  // White space before p, which is the end.
  void forgive_trailing() {
    const unsigned char* last = p;
    while (last != first && (last[-1] == ' ' || last[-1] == '\t')) --last;
    forgiven.add(Forgiveness::sdp_white_space, static_cast<std::size_t>(last - first));
  }

  [[nodiscard]] std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(octets(part.data()) - first);
  }
  // Where the machine stopped.
  [[nodiscard]] std::unexpected<ParseError> fail(ParseErrorCode code) const {
    return std::unexpected(ParseError{code, static_cast<std::uint32_t>(p - first)});
  }
  [[nodiscard]] std::unexpected<ParseError> fail(ParseErrorCode code, std::string_view part) const {
    return std::unexpected(ParseError{code, static_cast<std::uint32_t>(offset_of(part))});
  }
};

// A number of digits up to `most`; nullopt when it is larger, empty or no number.
[[nodiscard]] inline std::optional<std::uint64_t> number_from(std::string_view digits,
                                                              std::uint64_t most) {
  std::uint64_t number = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    const auto value = static_cast<std::uint64_t>(digit - '0');
    if (__builtin_mul_overflow(number, std::uint64_t{10}, &number) ||
        __builtin_add_overflow(number, value, &number) || number > most)
      return std::nullopt;
  }
  if (digits.empty()) return std::nullopt;
  return number;
}

}  // namespace sipring::sdp::detail
