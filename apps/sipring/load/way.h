// Way: what the requests of a load generator leave by: a listener's socket, or stream connections,
// which stay for all sessions or are one session's each.
// SPDX-License-Identifier: MIT
#pragma once

#include <load/session.h>

#include <sipring/core/connection/connections.h>
#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>
#include <sipring/core/time.h>

#include <cstdint>
#include <optional>
#include <string>

namespace sipring::app {

struct Way {
  Flow listener = {};
  Connections* connections = nullptr;  // null: by the listener
  std::string domain = {};             // whom TLS verifies
  std::uint32_t side_by_side = 1;      // kept; 0: each session has one of its own

  // Of a session that begins: which of several side by side (ConnectionTarget::number).
  void choose(Session& session);
  // nullopt: there is no connection to be had now; the reason is counted with the others.
  [[nodiscard]] std::optional<Flow> to(Instant now, const NetworkAddress& peer, Session& session);
  // Of a session that has ended.
  void leave(Instant now, const Session& session);

  std::uint32_t next = 0;  // of the next session
};

}  // namespace sipring::app
