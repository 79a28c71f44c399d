// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/header/event.h>

namespace sipring {
namespace {

// Where a package or template, separated by dots, is empty; npos: nowhere.
std::size_t find_empty_part(std::string_view type) {
  if (type.front() == '.') return 0;
  const std::size_t twice = type.find("..");
  if (twice != type.npos) return twice + 1;
  return type.back() == '.' ? type.size() : type.npos;
}

bool take_id(EventType& event, const Parameter& parameter, std::uint32_t offset) {
  if (!event.id.empty() || parameter.value.empty()) return false;
  event.id = parameter.value;
  if (detail::is_quoted(event.id)) event.forgiven.add(Forgiveness::quoted_token, offset);
  return true;
}

}  // namespace

Parsed<EventType> parse_event(std::string_view value) {
  const auto read = detail::read_whole(value, detail::ValueHead::token);
  if (!read) return std::unexpected{read.error()};
  const std::string_view type = read->head;
  if (const std::size_t at = find_empty_part(type); at != type.npos)
    return std::unexpected{
        ParseError{ParseErrorCode::token, detail::offset_of(type.substr(at), value)}};
  const EventType head{type, type.substr(0, type.find('.')), {}, read->parameters, read->forgiven};
  return detail::with_parameters(head, value, [&](EventType& event, const Parameter& parameter) {
    return !detail::is(parameter, "id") ||
           take_id(event, parameter, detail::offset_of(parameter.text, value));
  });
}

}  // namespace sipring
