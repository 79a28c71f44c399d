// SPDX-License-Identifier: MIT
#include <sipring/core/routing/response_route.h>

namespace sipring {
namespace {

std::uint16_t sent_by_port(const Via& via, Transport transport) {
  return via.port != 0 ? via.port : default_port(transport);
}

// A connection brings its own way back; otherwise maddr goes before rport, and rport before
// sent-by.
std::optional<NetworkAddress> destination_of(const Via& via, const NetworkAddress& source) {
  if (is_reliable(source.transport)) return source;
  if (!via.maddr.empty()) {
    const std::optional<IpAddress> ip = parse_ip_address(via.maddr);
    if (!ip) return std::nullopt;
    return NetworkAddress{*ip, sent_by_port(via, source.transport), source.transport};
  }
  if (via.has_rport) return source;
  return NetworkAddress{source.ip, sent_by_port(via, source.transport), source.transport};
}

}  // namespace

std::optional<ResponseRoute> response_route(const Via& top_via, const Received& received) {
  const std::optional<NetworkAddress> destination = destination_of(top_via, received.source);
  if (!destination) return std::nullopt;
  const bool add_received =
      top_via.has_rport || parse_ip_address(top_via.host) != received.source.ip;
  return ResponseRoute{
      .destination = *destination, .add_received = add_received, .fill_rport = top_via.has_rport};
}

}  // namespace sipring
