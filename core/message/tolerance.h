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
  unescaped_in_user,   // one of # [ ] { } | \ ^ ` in a URI's user or password (section 25.1)
  unescaped_in_uri_parameter,  // one of , # { } | \ ^ `, or "=" within the value
  unescaped_in_uri_header,     // one of , ; @ # { } | \ ^ `, or "=" within the value
  empty_user,                  // "sip:@host": read as a URI without user (section 19.1.1)
  empty_uri_parameter,         // ";;", a ";" at the end, "name=" without a value
  escaped_in_number,           // "%23" for # in a tel URI (RFC 3966 section 3)
  invalid_utf8,                // a text in another encoding (section 25.1)
  quoted_token,                // quotes around what must stand without (RFC 7616 section 3.3, 3.4)
  unquoted_string,             // no quotes around what must have them (the same)
  upper_case_hex,              // A-F where the grammar has a-f: nc (RFC 3261 section 25.1)
  missing_brackets,            // a URI that should stand between < and > (section 20.34)
  malformed_expires,           // a Contact whose expires is no number: 3600 (section 10.2)
  surplus_identity,            // an asserted identity beyond one sip or sips and one tel (RFC 3325)
  comma_for_semicolon,         // Privacy values with "," between them (RFC 3323 section 4.2)
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
    kinds_ |= std::uint64_t{1} << bit(kind);
  }
  // Those of a part that begins at `offset`.
  void add(const Forgiven& part, std::size_t offset) {
    if (part.empty()) return;
    const std::uint64_t kinds = kinds_ | part.kinds_;
    add(part.first_, offset + part.first_offset_);
    kinds_ = kinds;
  }

 private:
  static constexpr unsigned bit(Forgiveness kind) { return std::to_underlying(kind); }
  static_assert(std::to_underlying(Forgiveness::count) <= 64);

  std::uint64_t kinds_ = 0;
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
