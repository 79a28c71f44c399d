// SPDX-License-Identifier: MIT
#include <load/way.h>

namespace sipring::app {

void Way::choose(Session& session) {
  if (connections == nullptr) return;
  session.connection = next++;
  if (side_by_side != 0) session.connection %= side_by_side;
}

std::optional<Flow> Way::to(Instant now, const NetworkAddress& peer, Session& session) {
  if (connections == nullptr) return listener;
  const auto flow = connections->towards(
      now, {.peer = peer,
            .domain = has_handshake(peer.transport) ? std::string_view(domain) : "",
            .number = session.connection});
  if (!flow) return std::nullopt;
  session.flow = *flow;
  return *flow;
}

void Way::leave(Instant now, const Session& session) {
  if (connections != nullptr && side_by_side == 0) connections->close(now, session.flow);
}

}  // namespace sipring::app
