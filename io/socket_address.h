// SocketAddress: a NetworkAddress as the kernel wants it, and back.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <netinet/in.h>
#include <sys/socket.h>

namespace sipring {

// Big enough for both families, no more: 28 octets.
union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

// Fills `out` and returns its length. An IPv6 address with a zone is not expressible: the zone is
// 0.
socklen_t to_socket_address(const NetworkAddress& address, SocketAddress& out);

// `transport` is what the socket speaks. An IPv4-mapped IPv6 address stays IPv6: our IPv6 sockets
// are V6ONLY.
[[nodiscard]] NetworkAddress to_network_address(const SocketAddress& address, Transport transport);

}  // namespace sipring
