// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/header/media_type.h>

namespace sipring {
namespace {

// "charset=" has been noted.
bool take_media_parameter(const MediaType&, const Parameter& parameter) {
  return detail::has_value(parameter);
}

bool take_range_parameter(MediaRange& range, const Parameter& parameter) {
  return !detail::is(parameter, "q") || range.quality.take(parameter.value);
}

bool is_boundary(std::string_view text) {
  constexpr std::string_view bchars =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
  return !text.empty() && text.size() <= longest_boundary && text.back() != ' ' &&
         text.find_first_not_of(bchars) == text.npos;
}

}  // namespace

bool MediaType::is(std::string_view other_type, std::string_view other_subtype) const {
  return detail::equals_ignoring_case(type, other_type) &&
         detail::equals_ignoring_case(subtype, other_subtype);
}

Parsed<MediaType> parse_content_type(std::string_view value) {
  const auto read = detail::read_whole(value, detail::ValueHead::media_type);
  if (!read) return std::unexpected{read.error()};
  const MediaType type{read->head, read->second, read->parameters, read->forgiven};
  return detail::with_parameters(type, value, take_media_parameter);
}

std::optional<std::string_view> boundary(const MediaType& type) {
  const auto value = parameter(type.parameters, "boundary");
  if (!value) return std::nullopt;
  const auto text = unquote(*value, {});
  return text && is_boundary(*text) ? text : std::nullopt;
}

bool MediaRange::covers(std::string_view other_type, std::string_view other_subtype) const {
  return (type == "*" || detail::equals_ignoring_case(type, other_type)) &&
         (subtype == "*" || detail::equals_ignoring_case(subtype, other_subtype));
}

Parsed<MediaRange> parse_accept(std::string_view value) {
  const auto read = detail::read_parameterized(value, detail::ValueHead::media_type);
  if (!read) return std::unexpected{read.error()};
  const MediaRange range{.type = read->head,
                         .subtype = read->second,
                         .parameters = read->parameters,
                         .length = read->length,
                         .forgiven = read->forgiven};
  if (range.type == "*" && range.subtype != "*")
    return std::unexpected{
        ParseError{ParseErrorCode::media_type, detail::offset_of(range.subtype, value)}};
  return detail::with_parameters(range, value, take_range_parameter);
}

}  // namespace sipring
