// Strict and tolerant reading. A parser reads tolerantly: it takes what can be understood without
// doubt and notes what it forgave. Who wants to be strict turns the first note into an error:
//
//   Parsed<Via> via = parse_via(value);            // tolerant: via->forgiven says what was let
//   pass Parsed<Via> via = strictly(parse_via(value));  // refuses what the grammar refuses
//
// So strict never accepts what tolerant refuses, and the hot path pays for neither.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace sipring {

// What the grammar refuses and tolerant reading lets pass.
enum class Forgiveness : std::uint8_t {
  bare_line_feed,      // LF without CR ends a line (RFC 3261 section 7)
  underscore_in_host,  // a host name with "_" (section 25.1)
  sdp_line_end,        // LF alone ends a line of SDP, or the text ends without (RFC 8866 section 5)
  sdp_line_missing,    // no s=, t= or c=
  sdp_line_unknown,    // a line of a type that SDP has not
  sdp_line_order,      // lines in another order, or twice
  sdp_white_space,     // more than the one space, or around a value
  sdp_value_missing,   // an empty s=, an rtpmap without its clock rate
  sdp_value,           // other octets or numbers than the rule's that cannot be misunderstood
  count,
};
[[nodiscard]] std::string_view to_string(Forgiveness forgiveness);    // "bare_line_feed"
[[nodiscard]] ParseErrorCode error_code_of(Forgiveness forgiveness);  // what strict reading says
[[nodiscard]] std::string_view explanation(Forgiveness forgiveness);  // one sentence for a human

// The kinds that were forgiven in one text, and where the first one stood.
class Forgiven {
 public:
  [[nodiscard]] bool empty() const { return kinds_ == 0; }
  [[nodiscard]] bool has(Forgiveness kind) const { return (kinds_ >> bit(kind) & 1) != 0; }
  // Precondition: not empty().
  [[nodiscard]] Forgiveness first() const { return first_; }
  [[nodiscard]] std::uint32_t first_offset() const { return first_offset_; }

  void add(Forgiveness kind, std::size_t offset) {
    const auto at = static_cast<std::uint32_t>(offset);
    if (empty() || at < first_offset_) first_ = kind, first_offset_ = at;
    kinds_ |= 1U << bit(kind);
  }
  // Those of a part that begins at `offset`.
  void add(const Forgiven& part, std::size_t offset) {
    if (part.empty()) return;
    const std::uint32_t kinds = kinds_ | part.kinds_;
    add(part.first_, offset + part.first_offset_);
    kinds_ = kinds;
  }

 private:
  static constexpr unsigned bit(Forgiveness kind) { return std::to_underlying(kind); }
  static_assert(std::to_underlying(Forgiveness::count) <= 32);

  std::uint32_t kinds_ = 0;
  std::uint32_t first_offset_ = 0;
  Forgiveness first_ = Forgiveness::count;
};

// `T` has a member `forgiven`.
template <class T>
[[nodiscard]] Parsed<T> strictly(Parsed<T> parsed) {
  if (!parsed || parsed->forgiven.empty()) return parsed;
  const Forgiven& forgiven = parsed->forgiven;
  return std::unexpected(ParseError{error_code_of(forgiven.first()), forgiven.first_offset()});
}

}  // namespace sipring
