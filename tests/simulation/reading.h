// What an observer of the transaction layer reads of a message: which transaction it belongs to
// (RFC 3261 sections 17.1.3, 17.2.3), by keys of its own, and what kind of message it is.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/received.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::simulation {

struct Reading {
  Method method = Method::unknown;  // of the request, or of the response's CSeq
  int status = 0;                   // 0: a request
  bool is_reliable = false;
  bool has_cookie = true;    // of RFC 3261; otherwise the rules of RFC 2543 tell it apart
  std::uint64_t key = 0;     // of its transaction where it is handled; 0: of none
  std::uint64_t invite = 0;  // of the INVITE that an ACK or CANCEL belongs to
  std::uint64_t octets = 0;  // of all of it; only of what was sent
  std::uint64_t copied = 0;  // of what a response copies; only of requests that came
  std::uint64_t rest = 0;    // without a cookie: what else RFC 2543 compares, and no response has

  [[nodiscard]] bool is_request() const { return status == 0; }
};

// What came, parsed: nullopt when the transaction layer has no use for it, answered or not.
[[nodiscard]] std::optional<Reading> read_arrival(const Message& message, const Received& received);
// What was sent, parsed.
[[nodiscard]] Reading read_sent(const Message& message, const NetworkAddress& destination);
// What came back undelivered: the key of the sender's transaction.
[[nodiscard]] std::optional<std::uint64_t> key_of_undelivered(const Message& message);

}  // namespace sipring::simulation
