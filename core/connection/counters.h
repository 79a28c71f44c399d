// What connections have done, and how many there are.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/close_reason.h>

#include <array>
#include <cstdint>
#include <numeric>

namespace sipring {

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
