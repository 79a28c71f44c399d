// What a stream connection takes.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>
#include <sipring/io/stream/ports.h>
#include <sipring/io/stream/tls_line.h>
#include <sipring/io/tls/session_memory.h>

#include <sipring/core/connection/connections.h>

#include <memory>

namespace sipring {
namespace {

// The difference, so that what is fixed does not blur it.
std::size_t bytes_of_slot() {
  ConnectionLimits one, two;
  two.connections = 2 * one.connections;
  return (Connections::memory_needs(two) - Connections::memory_needs(one)) / one.connections;
}

}  // namespace

std::optional<ConnectionMemory> Server::connection_memory(Transport transport) {
  ConnectionMemory memory{.connection = bytes_of_slot(),
                          .socket = StreamPorts::bytes_of_connection()};
  if (!has_tls(transport)) return memory;
  const auto session = measure_session_memory(transport == Transport::wss ? TlsProtocol::websocket
                                                                          : TlsProtocol::sip);
  if (!session) return std::nullopt;
  memory.tls = sizeof(TlsLine) + sizeof(std::unique_ptr<TlsLine>);
  memory.openssl = session->idle;
  memory.openssl_buffers = session->active - session->idle;
  return memory;
}

}  // namespace sipring
