// Endpoint: how peers reach one listener of ours: in Contact, Via and session descriptions.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/message/header_block.h>
#include <sipring/io/transaction_user.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace sipring::app {

struct Endpoint {
  Flow listener;
  std::string host;                 // without brackets, for c= and o=
  std::string sent_by;              // "host:port", for Via
  std::string contact;              // "<sip:host:port>"
  std::string secure_contact = {};  // the same for dialogs of sips; empty: `contact`
  bool ipv6 = false;
  Transport transport = Transport::udp;
  HeaderBlock capabilities = {};  // of `answer`: what its OPTIONS get (answer/outside.h)
};

[[nodiscard]] Endpoint make_endpoint(const Listener& listener, const std::string& advertised);
// One for each listener. `advertised` takes the place of the addresses when it is not empty;
// otherwise a listener on all addresses (0.0.0.0, ::) is reached by the one that this machine sends
// from.
[[nodiscard]] std::vector<Endpoint> make_endpoints(std::span<const Listener> listeners,
                                                   const std::string& advertised);

// Of connections that we open and nobody opens to us: without a port, and of a WebSocket without an
// address, which browsers do not know either: `name`.invalid (RFC 7118 section 5).
[[nodiscard]] Endpoint make_endpoint(const NetworkAddress& own, const std::string& name);
// Of the same kind, for each transport that none of `listeners` has. Their flows are of no
// listener, and name them to Calls alone.
[[nodiscard]] std::vector<Endpoint> make_outgoing(std::span<const Endpoint> listeners,
                                                  const std::string& name);

// The index of the listener's in this slot (Received::listener), the last one to come; of the first
// where it has none.
[[nodiscard]] std::size_t index_of(std::span<const Endpoint> endpoints, std::uint32_t slot);

// The address of this machine from which a datagram to `peer` would leave; the loopback's where
// there is no way.
[[nodiscard]] IpAddress address_towards(const NetworkAddress& peer);

}  // namespace sipring::app
