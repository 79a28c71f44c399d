// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/geolocation.h>

#include <sipring/core/message/detail/address_element.h>

namespace sipring {
namespace {

constexpr detail::Known<GeolocationError> of_error[] = {
    {"code", detail::quoted_value<&GeolocationError::text>},
};

}  // namespace

Parsed<Geolocation> parse_geolocation(std::string_view value) {
  constexpr std::string_view scheme = "cid:";
  Parsed<Geolocation> location = detail::nameless(
      detail::read_address<Geolocation>(value, detail::Brackets::expected, {}), value);
  if (!location) return location;
  const std::string_view uri = location->uri.text;
  if (detail::equals_ignoring_case(uri.substr(0, scheme.size()), scheme))
    location->content_id = uri.substr(scheme.size());
  return location;
}

Parsed<bool> parse_geolocation_routing(std::string_view value) {
  const Parsed<detail::Element> element = detail::read_element(value, detail::Head::parameter);
  if (!element) return std::unexpected(element.error());
  if (!element->parameters.empty() || element->length != value.size()) {
    const char* const rest =
        element->parameters.empty() ? value.data() + element->length : element->parameters.data();
    return detail::refusal(ParseErrorCode::field_value,
                           static_cast<std::size_t>(rest - value.data()));
  }
  return detail::equals_ignoring_case(element->head, "yes");
}

Parsed<GeolocationError> parse_geolocation_error(std::string_view value) {
  Parsed<GeolocationError> error = detail::alone(
      detail::read_header(value, detail::Head::error_code, &GeolocationError::digits, of_error),
      value);
  if (error)
    error->number = static_cast<std::uint16_t>(detail::number_from(error->digits).value_or(0));
  return error;
}

}  // namespace sipring
