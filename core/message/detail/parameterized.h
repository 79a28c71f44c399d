// Values that are a head and parameters, *( SEMI generic-param ): most header fields are
// (RFC 3261 section 25.1). The machine finds the parts; the parameters that have a meaning are
// taken from the accepted text afterwards.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/known_parameter.h>
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/params.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

namespace sipring::detail {

enum class ValueHead : std::uint8_t {
  token,
  media_type,   // token SLASH token
  seconds,      // delta-seconds
  retry_after,  // delta-seconds [ comment ]
};

struct Parameterized {
  std::string_view head;        // token, type, digits
  std::string_view second;      // subtype; comment with its parentheses
  std::string_view parameters;  // from the first ';'
  std::uint32_t length = 0;     // octets up to the comma before the next element, or all of them
  Forgiven forgiven;            // among the parameters; offsets within the value
};

// The first element of a list.
Parsed<Parameterized> read_parameterized(std::string_view value, ValueHead head);
// Of a header field that is no list: a comma ends in an error.
Parsed<Parameterized> read_whole(std::string_view value, ValueHead head);

// Where `part`, a view into `whole`, begins.
[[nodiscard]] inline std::uint32_t offset_of(std::string_view part, std::string_view whole) {
  return static_cast<std::uint32_t>(part.data() - whole.data());
}

// `result` with its parameters taken one by one. What `take` refuses with its quotes, it is given
// without; what it refuses then is passed over or is the error, as known_parameter.h says.
template <class T, class Take>
[[nodiscard]] Parsed<T> with_parameters(const T& result, std::string_view value, Take take,
                                        Malformed malformed = Malformed::passed_over) {
  Parsed<T> parsed = result;
  for (const Parameter& each : Parameters(result.parameters)) {
    if (take(*parsed, each)) continue;
    const std::uint32_t offset = offset_of(each.text, value);
    const Parameter bare{each.name, without_quotes(each.value), each.text};
    if (is_quoted(each.value) && take(*parsed, bare))
      parsed->forgiven.add(Forgiveness::quoted_token, offset);
    else if (malformed == Malformed::passed_over && !is_repeated(result.parameters, each))
      parsed->forgiven.add(Forgiveness::malformed_parameter, offset);
    else
      return std::unexpected{ParseError{ParseErrorCode::parameter, offset}};
  }
  return parsed;
}

[[nodiscard]] inline bool is(const Parameter& parameter, std::string_view name) {
  return equals_ignoring_case(parameter.name, name);
}

// delta-seconds; above 2^32-1 they are 2^32-1, as in parse_expires.
[[nodiscard]] std::optional<std::uint32_t> seconds_from(std::string_view digits);

// False when the value is no token, or the parameter has come before.
[[nodiscard]] inline bool take_token(std::string_view& member, const Parameter& parameter) {
  if (!member.empty() || parameter.value.empty() || parameter.value.front() == '"') return false;
  member = parameter.value;
  return true;
}
[[nodiscard]] inline bool take_seconds(std::optional<std::uint32_t>& member,
                                       const Parameter& parameter) {
  if (member) return false;
  member = seconds_from(parameter.value);
  return member.has_value();
}
// A parameter that means itself. With a value it is a generic-param.
[[nodiscard]] inline bool take_flag(bool& member, const Parameter& parameter) {
  if (member || !parameter.value.empty()) return false;
  member = true;
  return true;
}

}  // namespace sipring::detail
