// What connections have done, how many there are, why they were refused and why they ended.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace sipring {

enum class CloseReason : std::uint8_t {
  peer_closed,    // it said that there is no more
  reset,          // by the peer, or by the network
  refused,        // nobody listens there
  unreachable,    // no way there
  no_descriptor,  // the system has none left
  connect_timeout,
  handshake_failed,  // TLS
  handshake_timeout,
  upgrade_refused,   // no WebSocket, or not ours
  no_first_message,  // an accepted connection that never said anything
  message_timeout,   // a message that has begun and does not end
  idle,
  slow_reader,       // it does not read what we write
  malformed,         // octets in which no message can be found
  too_large,         // a message above the limit
  message_rate,      // more of them a second than its source may send
  no_room,           // no memory for what is not whole; the oldest make way first
  websocket_closed,  // by a Close frame
  no_pong,           // a keep-alive of ours has no answer
  local,             // we were told to
};
inline constexpr std::size_t close_reasons = 20;
[[nodiscard]] std::string_view to_string(CloseReason reason);  // "peer_closed"

// Of a connection that was not taken.
enum class AcceptRefusal : std::uint8_t {
  full,                // ConnectionLimits::connections
  handshakes,          // ConnectionLimits::handshakes
  source_connections,  // SourceConnectionLimits
  source_handshakes,
  source_rate,
  banned,
};
inline constexpr std::size_t accept_refusals = 6;
[[nodiscard]] std::string_view to_string(AcceptRefusal refusal);  // "source_rate"

// Of a message that was not taken.
enum class StreamSendError : std::uint8_t {
  stale,        // its connection is gone, and there is no address to open one to
  full,         // no more connections
  backing_off,  // the target has just failed, and waiting would take too long
  queue_full,   // of its connection, or of all
  no_room,      // no memory for it
};
inline constexpr std::size_t stream_send_errors = 5;
[[nodiscard]] std::string_view to_string(StreamSendError error);  // "backing_off"

struct ConnectionCounters {
  std::uint64_t accepted = 0;
  std::uint64_t connected = 0;   // that we opened, once they were open
  std::uint64_t handshakes = 0;  // that ended well: TLS, WebSocket
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t messages_in = 0;
  std::uint64_t keep_alives = 0;  // answered
  std::uint64_t bans = 0;
  std::array<std::uint64_t, accept_refusals> refused{};    // by AcceptRefusal
  std::array<std::uint64_t, close_reasons> closed{};       // by CloseReason
  std::array<std::uint64_t, stream_send_errors> unsent{};  // by StreamSendError
  std::uint64_t undelivered = 0;  // messages that were queued when their connection ended
  std::uint32_t open = 0;         // now, of every state

  ConnectionCounters& operator+=(const ConnectionCounters& other);
  [[nodiscard]] std::uint64_t all_closed() const {
    return std::accumulate(closed.begin(), closed.end(), std::uint64_t{0});
  }
  [[nodiscard]] std::uint64_t all_refused() const {
    return std::accumulate(refused.begin(), refused.end(), std::uint64_t{0});
  }
};

}  // namespace sipring
