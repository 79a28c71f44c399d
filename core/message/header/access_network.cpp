// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/access_network.h>

#include <sipring/core/message/detail/known_parameter.h>

namespace sipring {
namespace {

constexpr detail::Known<AccessNetwork> of_access_network[] = {
    {"network-provided", detail::flag<&AccessNetwork::network_provided>},
    {"utran-cell-id-3gpp", detail::any_value<&AccessNetwork::utran_cell_id_3gpp>},
    {"cgi-3gpp", detail::any_value<&AccessNetwork::cgi_3gpp>},
    {"dsl-location", detail::any_value<&AccessNetwork::dsl_location>},
    {"local-time-zone", detail::any_value<&AccessNetwork::local_time_zone>},
};

}  // namespace

Parsed<AccessNetwork> parse_access_network_info(std::string_view value) {
  return detail::read_header(value, detail::Head::access_type, &AccessNetwork::type,
                             of_access_network);
}

Parsed<VisitedNetwork> parse_visited_network_id(std::string_view value) {
  Parsed<VisitedNetwork> network =
      detail::read_header(value, detail::Head::word, &VisitedNetwork::name, {});
  if (network) network->name = detail::without_quotes(network->name);
  return network;
}

}  // namespace sipring
