// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/spelling.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/token.h>

#include <array>

namespace sipring {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 5> priorities{"", "emergency", "urgent", "normal",
                                                     "non-urgent"};

}  // namespace

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
  return detail::enum_from<Priority>(priorities, *token);
}

Methods allowed_methods(const Message& message) {
  Methods methods;
  for (const Parsed<Token>& token : elements<parse_token>(message, HeaderId::allow))
    if (token) methods.add(method_from(token->text));
  return methods;
}

}  // namespace sipring
