// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/via_connection.h>

#include <sipring/core/message/detail/known_parameter.h>

#include <utility>

namespace sipring {
namespace {

bool take_keep(ViaConnection& connection, const Parameter& given, std::uint32_t offset) {
  if (connection.keep) return false;
  connection.keep = !detail::has_value(given) ||
                    detail::number<&ViaConnection::keep_seconds>(connection, given, offset);
  return connection.keep;
}

constexpr detail::Known<ViaConnection> of_via_connection[] = {
    {"alias", detail::flag<&ViaConnection::alias>},
    {"keep", take_keep},
};

}  // namespace

Parsed<ViaConnection> parse_via_connection(std::string_view via_parameters) {
  Parsed<ViaConnection> connection;
  connection->parameters = via_parameters;
  return detail::take_parameters(connection, via_parameters, of_via_connection,
                                 detail::Malformed::refused);
}

}  // namespace sipring
