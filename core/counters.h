// What an engine has seen and done. Plain numbers owned by one shard; copy them to read them
// elsewhere.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring {

// Why a message from the wire went no further.
enum class DropReason : std::uint8_t {
  malformed,    // no answer possible: neither a request with a usable Via nor a matching response
  bad_request,  // answered with 400
  version,      // answered with 505
  too_large,    // answered with 513, or a response beyond Limits
  overload,     // answered with 503: transactions or buffers are used up
  stray_response,     // no client transaction (RFC 6026 section 7.2: not passed up)
  stray_ack,          // an ACK for a transaction that is in a state which ignores it
  stray_cancel,       // answered with 481
  keep_alive,         // only CRLF (RFC 5626 section 3.5.1)
  no_response_route,  // a Via that leads nowhere
  source_rate,        // more new requests than one source may send; answered with 503 or not at all
  source_transactions,  // more transactions alive than one source may have; likewise
  turn_budget,          // answered with 503: the shard is overloaded
  unread,  // not answered: the shard is overloaded, and has no time for refusals either
  count,
};
[[nodiscard]] std::string_view to_string(DropReason reason);

struct Counters {
  std::uint64_t messages_received = 0;
  std::uint64_t requests_received = 0;
  std::uint64_t responses_received = 0;
  std::uint64_t invites_received = 0;  // new ones, without retransmissions
  std::uint64_t retransmissions_received = 0;
  std::uint64_t messages_sent = 0;
  std::uint64_t retransmissions_sent = 0;
  std::uint64_t transactions_created = 0;
  std::uint64_t transactions_timed_out = 0;
  std::uint64_t transport_errors = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(DropReason::count)> dropped{};

  [[nodiscard]] std::uint64_t& operator[](DropReason reason) {
    return dropped[static_cast<std::size_t>(reason)];
  }
  Counters& operator+=(const Counters& other);
};

}  // namespace sipring
