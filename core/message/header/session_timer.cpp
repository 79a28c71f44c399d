// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/header/session_timer.h>

namespace sipring {
namespace {

bool take_refresher(SessionExpires& expires, const Parameter& parameter) {
  if (!detail::is(parameter, "refresher")) return true;
  if (expires.refresher != Refresher::unspecified) return false;
  if (detail::equals_ignoring_case(parameter.value, "uac")) expires.refresher = Refresher::uac;
  if (detail::equals_ignoring_case(parameter.value, "uas")) expires.refresher = Refresher::uas;
  return expires.refresher != Refresher::unspecified;
}

}  // namespace

Parsed<SessionExpires> parse_session_expires(std::string_view value) {
  const auto read = detail::read_whole(value, detail::ValueHead::seconds);
  if (!read) return std::unexpected{read.error()};
  const SessionExpires expires{.seconds = detail::seconds_from(read->head).value_or(0),
                               .parameters = read->parameters,
                               .forgiven = read->forgiven};
  return detail::with_parameters(expires, value, take_refresher);
}

Parsed<MinSe> parse_min_se(std::string_view value) {
  const auto read = detail::read_whole(value, detail::ValueHead::seconds);
  if (!read) return std::unexpected{read.error()};
  return MinSe{detail::seconds_from(read->head).value_or(0), read->parameters, read->forgiven};
}

}  // namespace sipring
