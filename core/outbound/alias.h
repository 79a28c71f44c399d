// The alias of a connection: the address that its peer would be connected to, and may be reached at
// by this connection instead (RFC 5923 sections 5 and 8.2).
//
//   if (const auto alias = alias_of(via, received.source, domain_is_verified))
//     connections.add_alias(received.flow, *alias);
//
// Whoever says so must have proved to be who it is: over TLS, with a certificate of its own
// (section 9.2); requests leave by it to the domains alone that this speaks for. The server does so
// itself where FlowSettings::reuses_connections is set.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/via.h>
#include <sipring/core/network_address.h>

#include <optional>

namespace sipring {

// What is known of the peer's end of the connection.
enum class PeerProof : std::uint8_t {
  none,         // as if the Via had no alias
  certificate,  // verified, and of the domain
  by_policy,    // somebody answers for it: over TCP too, of one domain alone (section 9.3)
};

// nullopt: it has none, or must not have one. `source` is where the connection comes from: its
// address counts, whatever the sent-by says, and the sent-by's port.
[[nodiscard]] std::optional<NetworkAddress> alias_of(const Via& top_via,
                                                     const NetworkAddress& source, PeerProof proof);

}  // namespace sipring
