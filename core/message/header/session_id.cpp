// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/session_id.h>

#include <sipring/core/message/detail/known_parameter.h>

namespace sipring {
namespace {

bool is_uuid(std::string_view text) {
  return text.size() == 32 && detail::matches(detail::ValueRule::hex, text);
}

bool take_remote(SessionId& id, const Parameter& given, std::uint32_t) {
  return is_uuid(given.value) && detail::set_once(id.remote, given.value);
}

constexpr detail::Known<SessionId> of_session_id[] = {{"remote", take_remote}};

}  // namespace

Parsed<SessionId> parse_session_id(std::string_view value) {
  Parsed<SessionId> id = detail::alone(
      detail::read_header(value, detail::Head::hex, &SessionId::local, of_session_id), value);
  if (id && !is_uuid(id->local))
    id = detail::refusal(ParseErrorCode::field_value,
                         static_cast<std::size_t>(id->local.data() - value.data()));
  return id;
}

bool is_nil_uuid(std::string_view uuid) {
  return is_uuid(uuid) && uuid.find_first_not_of('0') == uuid.npos;
}

}  // namespace sipring
