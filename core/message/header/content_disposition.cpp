// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/header/content_disposition.h>

namespace sipring {
namespace {

Handling handling_from(std::string_view token) {
  if (detail::equals_ignoring_case(token, "required")) return Handling::required;
  if (detail::equals_ignoring_case(token, "optional")) return Handling::optional;
  return Handling::other;
}

}  // namespace

Parsed<ContentDisposition> parse_content_disposition(std::string_view value) {
  const auto read = detail::read_whole(value, detail::ValueHead::token);
  if (!read) return std::unexpected{read.error()};
  std::string_view handling;
  auto disposition = detail::with_parameters(
      ContentDisposition{read->head, read->parameters, Handling::required, read->forgiven}, value,
      [&](const ContentDisposition&, const Parameter& parameter) {
        return !detail::is(parameter, "handling") || detail::take_token(handling, parameter);
      });
  if (disposition && !handling.empty()) {
    disposition->handling = handling_from(handling);
    disposition->states_handling = true;
  }
  return disposition;
}

}  // namespace sipring
