// SPDX-License-Identifier: MIT
#include <agent/endpoint.h>

#include <sipring/core/call/settings.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace sipring::app {
namespace {

IpAddress ip_of(const sockaddr_storage& address) {
  IpAddress ip;
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    ip.family = IpAddress::Family::v6;
    std::memcpy(ip.octets.data(), &v6.sin6_addr, 16);
  } else {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    std::memcpy(ip.octets.data(), &v4.sin_addr, 4);
  }
  return ip;
}

// Towards a far host: a documentation address (RFC 5737, RFC 3849).
IpAddress own_address(IpAddress::Family family) {
  const bool v6 = family == IpAddress::Family::v6;
  return address_towards({parse_ip_address(v6 ? "2001:db8::1" : "192.0.2.1").value(), 5060});
}

bool is_wildcard(const IpAddress& ip) {
  return std::ranges::all_of(ip.octets, [](std::uint8_t octet) { return octet == 0; });
}

// Above the slots of listeners.
constexpr std::uint32_t first_outgoing = 64;

}  // namespace

// Connecting a socket for datagrams sends nothing.
IpAddress address_towards(const NetworkAddress& peer) {
  const bool v6 = peer.ip.family == IpAddress::Family::v6;
  sockaddr_storage far{};
  socklen_t size = v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  far.ss_family = v6 ? AF_INET6 : AF_INET;
  const std::size_t offset =
      v6 ? offsetof(sockaddr_in6, sin6_addr) : offsetof(sockaddr_in, sin_addr);
  std::memcpy(reinterpret_cast<char*>(&far) + offset, peer.ip.octets.data(), v6 ? 16 : 4);
  const std::uint16_t port = htons(peer.port);
  std::memcpy(reinterpret_cast<char*>(&far) + offsetof(sockaddr_in, sin_port), &port, sizeof port);

  const int probe = ::socket(far.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool found = probe >= 0 && ::connect(probe, reinterpret_cast<sockaddr*>(&far), size) == 0 &&
                     ::getsockname(probe, reinterpret_cast<sockaddr*>(&far), &size) == 0;
  if (probe >= 0) ::close(probe);
  return found ? ip_of(far) : parse_ip_address(v6 ? "::1" : "127.0.0.1").value();
}

namespace {

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

void set_contacts(Endpoint& endpoint) {
  LocalEndpoint local = local_endpoint(endpoint.sent_by, endpoint.transport);
  endpoint.contact = std::move(local.contact);
  endpoint.secure_contact = std::move(local.secure_contact);
}

// Of connections that we open: `host` is without brackets.
Endpoint outgoing(const std::string& host, Transport transport, const std::string& name) {
  Endpoint endpoint{.listener = {},
                    .host = host,
                    .sent_by = bracketed(host),
                    .contact = {},
                    .secure_contact = {},
                    .ipv6 = host.find(':') != std::string::npos,
                    .transport = transport};
  if (is_websocket(transport)) endpoint.sent_by = name + ".invalid";
  set_contacts(endpoint);
  return endpoint;
}

}  // namespace

Endpoint make_endpoint(const Listener& listener, const std::string& advertised) {
  const NetworkAddress& address = listener.address;
  const IpAddress ip = is_wildcard(address.ip) ? own_address(address.ip.family) : address.ip;
  Endpoint endpoint{.listener = listener.flow,
                    .host = advertised.empty() ? std::string(to_text(ip).view()) : advertised,
                    .sent_by = {},
                    .contact = {},
                    .secure_contact = {},
                    .ipv6 = ip.family == IpAddress::Family::v6,
                    .transport = address.transport};
  if (endpoint.host.starts_with('['))
    endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  endpoint.sent_by = bracketed(endpoint.host) + ":" + std::to_string(address.port);
  set_contacts(endpoint);
  return endpoint;
}

Endpoint make_endpoint(const NetworkAddress& own, const std::string& name) {
  return outgoing(std::string(to_text(own.ip).view()), own.transport, name);
}

std::vector<Endpoint> make_outgoing(std::span<const Endpoint> listeners, const std::string& name) {
  std::vector<Endpoint> made;
  for (const Transport transport :
       {Transport::tcp, Transport::tls, Transport::ws, Transport::wss}) {
    if (std::ranges::find(listeners, transport, &Endpoint::transport) != listeners.end()) continue;
    Endpoint endpoint = outgoing(listeners.front().host, transport, name);
    endpoint.listener = Flow::of_listener(first_outgoing + static_cast<std::uint32_t>(made.size()));
    made.push_back(std::move(endpoint));
  }
  return made;
}

std::vector<Endpoint> make_endpoints(std::span<const Listener> listeners,
                                     const std::string& advertised) {
  std::vector<Endpoint> endpoints;
  for (const Listener& listener : listeners) {
    endpoints.push_back(make_endpoint(listener, advertised));
  }
  return endpoints;
}

std::size_t index_of(std::span<const Endpoint> endpoints, std::uint32_t slot) {
  for (std::size_t i = endpoints.size(); i-- > 0;)
    if (endpoints[i].listener.slot == slot) return i;
  return 0;
}

}  // namespace sipring::app
