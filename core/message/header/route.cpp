// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/route.h>

#include <sipring/core/message/detail/address_element.h>
#include <sipring/core/message/uri_parts.h>

namespace sipring {

Parsed<Route> parse_route(std::string_view value) {
  Parsed<Route> route = detail::read_address<Route>(value, detail::Brackets::expected, {});
  if (!route) return route;
  route->loose = has_uri_parameter(route->uri, "lr") ||
                 (!route->bracketed && parameter(route->parameters, "lr"));
  route->outbound = has_uri_parameter(route->uri, "ob");
  return route;
}

}  // namespace sipring
