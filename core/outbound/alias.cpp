// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/alias.h>

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/via_connection.h>

namespace sipring {

std::optional<NetworkAddress> alias_of(const Via& top_via, const NetworkAddress& source,
                                       PeerProof proof) {
  const auto said = parse_via_connection(top_via.parameters);
  if (!said || !said->alias || proof == PeerProof::none) return std::nullopt;
  const bool is_tls = source.transport == Transport::tls;
  if (!is_tls && !(source.transport == Transport::tcp && proof == PeerProof::by_policy))
    return std::nullopt;  // nobody connects to a browser
  if (!detail::equals_ignoring_case(top_via.transport, to_string(source.transport)))
    return std::nullopt;
  const std::uint16_t port = top_via.port != 0 ? top_via.port : default_port(source.transport);
  return NetworkAddress{source.ip, port, source.transport};
}

}  // namespace sipring
