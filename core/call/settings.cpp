// SPDX-License-Identifier: MIT
#include <sipring/core/call/settings.h>

#include <utility>

namespace sipring {
namespace {

// RFC 3261 section 19.1.1: without one it is UDP. "tls" stands there no more, and is what everybody
// writes and understands. A secure WebSocket is "ws", too (RFC 7118 section 5.2).
std::string parameter_of(Transport transport) {
  switch (transport) {
    case Transport::udp: return "";
    case Transport::tcp: return ";transport=tcp";
    case Transport::tls: return ";transport=tls";
    case Transport::ws:
    case Transport::wss: return ";transport=ws";
  }
  return "";
}

}  // namespace

LocalEndpoint local_endpoint(std::string sent_by, Transport transport) {
  LocalEndpoint endpoint{.sent_by = std::move(sent_by), .contact = {}};
  endpoint.contact = "<sip:" + endpoint.sent_by + parameter_of(transport) + ">";
  // Below sips the transport is TLS in any case (RFC 3261 section 26.2.2).
  const std::string secure = is_websocket(transport) ? parameter_of(transport) : "";
  if (has_tls(transport)) endpoint.secure_contact = "<sips:" + endpoint.sent_by + secure + ">";
  return endpoint;
}

std::string_view to_string(CallError error) {
  switch (error) {
    case CallError::stale_call: return "stale_call";
    case CallError::wrong_state: return "wrong_state";
    case CallError::wrong_status: return "wrong_status";
    case CallError::offer_pending: return "offer_pending";
    case CallError::missing_description: return "missing_description";
    case CallError::no_destination: return "no_destination";
    case CallError::no_room: return "no_room";
    case CallError::unwritable: return "unwritable";
    case CallError::too_large: return "too_large";
    case CallError::leaving: return "leaving";
    case CallError::overloaded_peer: return "overloaded_peer";
  }
  return "";
}

}  // namespace sipring
