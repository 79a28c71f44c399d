// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/unframed.h>
#include <sipring/core/routing/return_route.h>

namespace sipring {
namespace {

// WebSockets are not among them: their clients are no servers.
std::optional<Transport> transport_of(const Via& via) {
  if (detail::equals_ignoring_case(via.transport, "TCP")) return Transport::tcp;
  if (detail::equals_ignoring_case(via.transport, "TLS")) return Transport::tls;
  return std::nullopt;
}

bool is_nowhere(std::string_view host) {
  constexpr std::string_view nowhere = ".invalid";
  return host.size() >= nowhere.size() &&
         detail::equals_ignoring_case(host.substr(host.size() - nowhere.size()), nowhere);
}

}  // namespace

std::optional<NetworkAddress> return_route(std::string_view response) {
  if (!response.starts_with("SIP/")) return std::nullopt;
  const auto value = find_unframed_values(response, HeaderId::via, HeaderId::cseq)[0];
  if (!value) return std::nullopt;
  const Parsed<Via> via = parse_via(*value);
  if (!via || is_nowhere(via->host)) return std::nullopt;
  const std::optional<Transport> transport = transport_of(*via);
  const auto ip = parse_ip_address(via->received.empty() ? via->host : via->received);
  if (!transport || !ip) return std::nullopt;
  return NetworkAddress{*ip, via->port != 0 ? via->port : default_port(*transport), *transport};
}

}  // namespace sipring
