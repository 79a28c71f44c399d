// What an engine has seen and done, and how full it is. Plain numbers owned by one shard; copy them
// to read them elsewhere. Their names and what they mean to an operator are in
// core/metrics/sample.cpp.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/histogram.h>
#include <sipring/core/message/names.h>
#include <sipring/core/network_address.h>
#include <sipring/core/transaction/status.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

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
  merged,             // answered with 482: the request has come by another way (section 8.2.2.2)
  source_rate,        // more new requests than one source may send; answered with 503 or not at all
  source_transactions,  // more transactions alive than one source may have; likewise
  turn_budget,          // answered with 503: the shard is overloaded
  unread,  // not answered: the shard is overloaded, and has no time for refusals either
  count,
};
[[nodiscard]] std::string_view to_string(DropReason reason);
// The sender's mistake, and a rare one: worth telling where it comes from.
[[nodiscard]] constexpr bool is_malformed(DropReason reason) {
  return reason <= DropReason::too_large;
}

// The messages of one direction, retransmissions included.
struct Traffic {
  static constexpr std::size_t classes = 7;
  std::array<std::uint64_t, method_count> requests{};  // by Method; unknown is every other token
  std::array<std::uint64_t, classes> responses{};      // [2] is 2xx; [0] is outside of 100 to 699

  void count_request(Method method) { ++requests[std::to_underlying(method)]; }
  void count_response(unsigned status) {
    const unsigned status_class = status / 100;
    ++responses[status_class < classes ? status_class : 0];
  }
  [[nodiscard]] std::uint64_t operator[](Method method) const {
    return requests[std::to_underlying(method)];
  }
  Traffic& operator+=(const Traffic& other);
};

struct Counters {
  std::uint64_t messages_received = 0;  // whatever came; requests and responses are in `received`
  std::uint64_t invites_received = 0;   // new ones, without retransmissions
  std::uint64_t retransmissions_received = 0;
  std::uint64_t messages_sent = 0;
  std::uint64_t retransmissions_sent = 0;
  std::uint64_t transactions_created = 0;
  std::uint64_t transactions_timed_out = 0;
  std::uint64_t transactions_forgotten = 0;  // to make way for others
  std::uint64_t transport_errors = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(DropReason::count)> dropped{};
  Traffic received;
  Traffic sent;
  // From the creation of a transaction to its final response, in steps of 4.1 us. Time is that of
  // the inputs: what is answered while it is being handled took none.
  std::array<DurationHistogram, transaction_kinds> durations;

  // A message that leaves, by what its octets say it is.
  void count_sent(std::string_view message);
  [[nodiscard]] std::uint64_t& operator[](DropReason reason) {
    return dropped[static_cast<std::size_t>(reason)];
  }
  Counters& operator+=(const Counters& other);
};

// How much of what was sized at construction (core/limits.h) is taken, at one moment.
struct PoolUse {
  std::uint64_t transactions = 0;          // alive
  std::uint64_t transactions_highest = 0;  // most that were alive at once
  std::uint64_t transactions_capacity = 0;
  std::uint64_t buffers = 0;       // messages that are kept or on their way out
  std::uint64_t buffer_bytes = 0;  // of memory that they occupy, in whole chunks
  std::uint64_t buffer_bytes_highest = 0;
  std::uint64_t buffer_bytes_capacity = 0;
  std::uint64_t timers_armed = 0;

  // Of two shards. The highest add up, too: at no moment have there been more.
  PoolUse& operator+=(const PoolUse& other);
};

}  // namespace sipring
