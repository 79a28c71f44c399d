// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/detail/spelling.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/caller_preferences.h>
#include <sipring/core/message/header/token.h>

#include <array>
#include <utility>

namespace sipring {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 13> directives{
    "",        "proxy",      "redirect", "cancel",     "no-cancel", "fork",    "no-fork",
    "recurse", "no-recurse", "parallel", "sequential", "queue",     "no-queue"};
static_assert(std::to_underlying(Directive::no_queue) == directives.size() - 1);

bool take_accepted(ContactPreference& preference, const Parameter& parameter) {
  if (detail::is(parameter, "require")) return detail::take_flag(preference.require, parameter);
  if (detail::is(parameter, "explicit"))
    return detail::take_flag(preference.explicit_match, parameter);
  return true;
}

}  // namespace

Parsed<ContactPreference> parse_reject_contact(std::string_view value) {
  const auto read = detail::read_parameterized(value, detail::ValueHead::token);
  if (!read) return std::unexpected{read.error()};
  if (read->head != "*")
    return std::unexpected{ParseError{ParseErrorCode::token, detail::offset_of(read->head, value)}};
  return ContactPreference{
      .parameters = read->parameters, .length = read->length, .forgiven = read->forgiven};
}

Parsed<ContactPreference> parse_accept_contact(std::string_view value) {
  const auto preference = parse_reject_contact(value);
  if (!preference) return preference;
  return detail::with_parameters(*preference, value, take_accepted);
}

Directive directive_from(std::string_view token) {
  return detail::enum_from<Directive>(directives, token);
}

std::string_view to_string(Directive directive) {
  return directives[std::to_underlying(directive)];
}

Directives request_disposition(const Message& message) {
  Directives said;
  for (const Parsed<Token>& token : elements<parse_token>(message, HeaderId::request_disposition))
    if (token) said.add(directive_from(token->text));
  return said;
}

}  // namespace sipring
