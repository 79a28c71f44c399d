// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/token.h>

namespace sipring {

Parsed<std::string_view> parse_single_token(std::string_view value) {
  const Parsed<Token> token = parse_token(value);
  if (!token) return std::unexpected{token.error()};
  if (token->length != value.size())
    return std::unexpected{ParseError{ParseErrorCode::token, token->length}};
  return token->text;
}

Parsed<Priority> parse_priority(std::string_view value) {
  const Parsed<std::string_view> token = parse_single_token(value);
  if (!token) return std::unexpected{token.error()};
  if (detail::equals_ignoring_case(*token, "emergency")) return Priority::emergency;
  if (detail::equals_ignoring_case(*token, "urgent")) return Priority::urgent;
  if (detail::equals_ignoring_case(*token, "normal")) return Priority::normal;
  if (detail::equals_ignoring_case(*token, "non-urgent")) return Priority::non_urgent;
  return Priority::other;
}

Methods allowed_methods(const Message& message) {
  Methods methods;
  for (const Parsed<Token>& token : elements<parse_token>(message, HeaderId::allow))
    if (token) methods.add(method_from(token->text));
  return methods;
}

}  // namespace sipring
