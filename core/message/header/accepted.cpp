// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/header/accepted.h>

namespace sipring {
namespace {

bool take(Accepted& accepted, const Parameter& parameter) {
  return !detail::is(parameter, "q") || accepted.quality.take(parameter.value);
}

// language-range: subtags of one to eight letters or digits.
bool is_language_range(std::string_view text) {
  if (text == "*") return true;
  std::size_t size = 0;
  for (const char octet : text) {
    const bool alphanumeric = (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') ||
                              (octet >= 'a' && octet <= 'z');
    if (!alphanumeric && (octet != '-' || size == 0)) return false;
    size = alphanumeric ? size + 1 : 0;
    if (size > 8) return false;
  }
  return size != 0;
}

}  // namespace

Parsed<Accepted> parse_accept_encoding(std::string_view value) {
  const auto read = detail::read_parameterized(value, detail::ValueHead::token);
  if (!read) return std::unexpected{read.error()};
  const Accepted accepted{read->head, read->parameters, {}, read->length, read->forgiven};
  return detail::with_parameters(accepted, value, take);
}

Parsed<Accepted> parse_accept_language(std::string_view value) {
  const Parsed<Accepted> accepted = parse_accept_encoding(value);
  if (accepted && !is_language_range(accepted->name))
    return std::unexpected{
        ParseError{ParseErrorCode::token, detail::offset_of(accepted->name, value)}};
  return accepted;
}

}  // namespace sipring
