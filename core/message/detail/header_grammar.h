// Whether a value may be written as this header field: the grammars of RFC 3261 section 20 that
// there are parsers for, read strictly. What has no parser is any text of one line.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/build_error.h>
#include <sipring/core/message/names.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <string_view>
#include <utility>

namespace sipring {

// Max-Forwards where a request has none: RFC 3261 sections 8.1.1.6 and 16.6 step 3.
inline constexpr std::uint32_t default_hops = 70;

[[nodiscard]] bool is_well_formed(HeaderId header, std::string_view value);

// No control octet but the tab: the text stays inside its line.
[[nodiscard]] bool is_line_text(std::string_view text);
// What is wrong with a text that is none: line_break, or malformed.
[[nodiscard]] BuildProblem line_problem(std::string_view text);
// A name of a header field, or a method.
[[nodiscard]] bool is_token_text(std::string_view text);
// It may come once only.
[[nodiscard]] bool is_single(HeaderId header);

// We write what everybody reads: nothing that a parser had to forgive.
template <class T>
[[nodiscard]] Parsed<T> strictly_where_noted(Parsed<T> parsed) {
  if constexpr (requires { parsed->forgiven; }) return strictly(std::move(parsed));
  return parsed;
}

}  // namespace sipring
