// What can be seen of a transaction from outside, its kind too, and why one ended: RFC 3261
// section 17.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>
#include <sipring/core/transaction/detail/state.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sipring {

// Section 17 has four of them.
enum class TransactionKind : std::uint8_t { invite_client, invite_server, client, server };
inline constexpr std::size_t transaction_kinds = 4;

[[nodiscard]] constexpr std::string_view to_string(TransactionKind kind) {  // "invite_client"
  constexpr std::array<std::string_view, transaction_kinds> names{"invite_client", "invite_server",
                                                                  "client", "server"};
  return names[std::to_underlying(kind)];
}

struct TransactionStatus {
  TransactionKind kind = TransactionKind::server;
  State state = State::trying;
  bool cancelled = false;  // INVITE client: the CANCEL has gone out. INVITE server: one has come
  NetworkAddress peer;     // where we send to
  Flow flow;
  std::uint64_t attached = 0;  // what is attached

  // Whether a final response has come, or has gone out.
  [[nodiscard]] constexpr bool is_answered() const {
    return state == State::accepted || state == State::completed || state == State::confirmed;
  }
};

// Why a transaction ended.
enum class EndReason : std::uint8_t {
  done,              // timer D, I, J, K, L or M: nothing can come any more
  timed_out,         // timer B, F or H, or a non-INVITE request that was never answered
  transport_failed,  // sections 17.1.4, 17.2.4
  forgotten,         // answered, and made way for a new one (Limits::remember_at_least)
  no_room,           // no buffer for a request that had to wait: it got a 503
};
[[nodiscard]] std::string_view to_string(EndReason reason);  // "timed_out"

// Of an event that leads to `terminated`.
[[nodiscard]] EndReason end_reason_of(Event event);

}  // namespace sipring
