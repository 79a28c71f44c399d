// What an embedder chooses about names: whom to ask for them, and how requests by URI are sent.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/routing/health.h>
#include <sipring/core/sending/sender.h>
#include <sipring/io/name_servers.h>

#include <span>
#include <string>
#include <vector>

namespace sipring {

// ServerOptions::names.
struct NameOptions {
  // Whom to ask, and the hosts table: what the system says when the options are made.
  SystemNames system = system_names();
  HealthSettings health;
  // Of the sender: its limits. Origins and families are those of the listeners.
  SenderSettings sending;
  // Of our Via, "host" or "host:port", for each listener of the options in their order; none, or an
  // empty one: the listener's address, which must be one then, and not "any".
  std::vector<std::string> sent_by;
  // What requests leave by that no listener is there for: connections of a transport that we open
  // and nobody opens to us. Of a WebSocket's, `sent_by` is a name of the domain "invalid" (RFC 7118
  // section 5).
  std::vector<Origin> also_from;
};

// The error is a sentence: what is wrong with the options for these listeners.
[[nodiscard]] std::string problem_of(const NameOptions& options,
                                     std::span<const NetworkAddress> listeners);

}  // namespace sipring
