// SPDX-License-Identifier: MIT
#include <sipring/core/routing/detail/response_route.h>

#include <sipring/core/message/detail/octets.h>

namespace sipring {
namespace {

std::uint16_t sent_by_port(const Via& via, Transport transport) {
  return via.port != 0 ? via.port : default_port(transport);
}

// RFC 2606 section 2: a name that leads nowhere by agreement, as of a client that nobody can reach.
bool is_invalid(std::string_view host) {
  constexpr std::string_view suffix = ".invalid";
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.size() < suffix.size()) return detail::equals_ignoring_case(host, suffix.substr(1));
  return detail::equals_ignoring_case(host.substr(host.size() - suffix.size()), suffix);
}

// The second choice of section 18.2.2. The source port is one that the client's system has drawn:
// nobody listens there. To a WebSocket client there is no other way than its own (RFC 7118
// section 5).
std::uint16_t port_for_another(const Via& via, Transport transport) {
  return is_websocket(transport) || is_invalid(via.host) ? 0 : sent_by_port(via, transport);
}

// Of datagrams: maddr goes before rport, and rport before sent-by.
std::optional<NetworkAddress> destination_of(const Via& via, const NetworkAddress& source) {
  if (is_reliable(source.transport)) {
    return NetworkAddress{source.ip, port_for_another(via, source.transport), source.transport};
  }
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
