// SPDX-License-Identifier: MIT
#include <sipring/core/routing/destination.h>

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/uri_parts.h>

namespace sipring {
namespace {

using Error = DestinationError;

// Below a sips URI "tcp" is TLS over TCP (RFC 3261 section 26.2.2), "ws" is that too (RFC 7118).
std::expected<Transport, Error> secured(Transport transport) {
  switch (transport) {
    case Transport::udp: return std::unexpected(Error::unknown_transport);
    case Transport::tcp:
    case Transport::tls: return Transport::tls;
    case Transport::ws:
    case Transport::wss: return Transport::wss;
  }
  return std::unexpected(Error::unknown_transport);
}

}  // namespace

std::string_view to_string(DestinationError error) {
  switch (error) {
    case Error::not_sip: return "not_sip";
    case Error::unknown_transport: return "unknown_transport";
  }
  return "";
}

std::expected<Destination, Error> destination_of(const Uri& uri) {
  if (!is_sip(uri)) return std::unexpected(Error::not_sip);
  Destination destination{.host = maddr_of(uri).value_or(uri.host),
                          .port = uri.port,
                          .transport = transport_of(uri),
                          .secure = uri.scheme == Uri::Scheme::sips};
  if (!destination.transport && has_uri_parameter(uri, "transport")) {
    return std::unexpected(Error::unknown_transport);
  }
  if (destination.secure && destination.transport) {
    const auto transport = secured(*destination.transport);
    if (!transport) return std::unexpected(transport.error());
    destination.transport = *transport;
  }
  return destination;
}

std::expected<Destination, Error> destination_of(const Via& via) {
  for (const Transport transport :
       {Transport::udp, Transport::tcp, Transport::tls, Transport::ws, Transport::wss}) {
    if (!detail::equals_ignoring_case(via.transport, to_string(transport))) continue;
    return Destination{
        .host = via.host, .port = via.port, .transport = transport, .secure = has_tls(transport)};
  }
  return std::unexpected(Error::unknown_transport);
}

}  // namespace sipring
