// SPDX-License-Identifier: MIT
#include <sipring/core/connection/counters.h>
#include <sipring/core/connection/detail/machine.h>

#include <utility>

namespace sipring {

std::string_view to_string(CloseReason reason) {
  using enum CloseReason;
  switch (reason) {
    case peer_closed: return "peer_closed";
    case reset: return "reset";
    case refused: return "refused";
    case unreachable: return "unreachable";
    case no_descriptor: return "no_descriptor";
    case connect_timeout: return "connect_timeout";
    case handshake_failed: return "handshake_failed";
    case handshake_timeout: return "handshake_timeout";
    case upgrade_refused: return "upgrade_refused";
    case no_first_message: return "no_first_message";
    case message_timeout: return "message_timeout";
    case idle: return "idle";
    case slow_reader: return "slow_reader";
    case malformed: return "malformed";
    case too_large: return "too_large";
    case message_rate: return "message_rate";
    case no_room: return "no_room";
    case websocket_closed: return "websocket_closed";
    case no_pong: return "no_pong";
    case local: return "local";
  }
  std::unreachable();
}

std::string_view to_string(AcceptRefusal refusal) {
  using enum AcceptRefusal;
  switch (refusal) {
    case full: return "full";
    case handshakes: return "handshakes";
    case source_connections: return "source_connections";
    case source_handshakes: return "source_handshakes";
    case source_rate: return "source_rate";
    case banned: return "banned";
  }
  std::unreachable();
}

std::string_view to_string(StreamSendError error) {
  using enum StreamSendError;
  switch (error) {
    case stale: return "stale";
    case full: return "full";
    case backing_off: return "backing_off";
    case queue_full: return "queue_full";
    case no_room: return "no_room";
  }
  std::unreachable();
}

std::string_view to_string(ConnectionState state) {
  using enum ConnectionState;
  switch (state) {
    case waiting: return "waiting";
    case connecting: return "connecting";
    case handshaking: return "handshaking";
    case open: return "open";
    case closing: return "closing";
    case ending: return "ending";
    case gone: return "gone";
  }
  std::unreachable();
}

}  // namespace sipring
