// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/header/retry_after.h>

namespace sipring {
namespace {

bool take_duration(RetryAfter& retry_after, const Parameter& parameter) {
  return !detail::is(parameter, "duration") ||
         detail::take_seconds(retry_after.duration, parameter);
}

}  // namespace

Parsed<RetryAfter> parse_retry_after(std::string_view value) {
  const auto read = detail::read_whole(value, detail::ValueHead::retry_after);
  if (!read) return std::unexpected{read.error()};
  const RetryAfter retry_after{.seconds = detail::seconds_from(read->head).value_or(0),
                               .comment = read->second,
                               .duration = {},
                               .parameters = read->parameters,
                               .forgiven = read->forgiven};
  return detail::with_parameters(retry_after, value, take_duration);
}

}  // namespace sipring
