// SPDX-License-Identifier: MIT
#include <sipring/io/socket_address.h>

#include <arpa/inet.h>

#include <cstring>

namespace sipring {

socklen_t to_socket_address(const NetworkAddress& address, SocketAddress& out) {
  if (address.ip.family == IpAddress::Family::v4) {
    out.v4 = {};
    out.v4.sin_family = AF_INET;
    out.v4.sin_port = htons(address.port);
    std::memcpy(&out.v4.sin_addr, address.ip.octets.data(), 4);
    return sizeof out.v4;
  }
  out.v6 = {};
  out.v6.sin6_family = AF_INET6;
  out.v6.sin6_port = htons(address.port);
  std::memcpy(&out.v6.sin6_addr, address.ip.octets.data(), 16);
  return sizeof out.v6;
}

NetworkAddress to_network_address(const SocketAddress& address, Transport transport) {
  NetworkAddress result;
  result.transport = transport;
  if (address.any.sa_family == AF_INET) {
    std::memcpy(result.ip.octets.data(), &address.v4.sin_addr, 4);
    result.port = ntohs(address.v4.sin_port);
    return result;
  }
  result.ip.family = IpAddress::Family::v6;
  std::memcpy(result.ip.octets.data(), &address.v6.sin6_addr, 16);
  result.port = ntohs(address.v6.sin6_port);
  return result;
}

}  // namespace sipring
