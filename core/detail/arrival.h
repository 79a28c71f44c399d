// Arrival: one message off the wire on its way through the engine, until the last of its
// outputs is taken.
//
// There is one, filled anew by every message: what it says are views into the octets, and its spans
// keep their room.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/envelope.h>
#include <sipring/core/message/message.h>
#include <sipring/core/overload/detail/sources.h>
#include <sipring/core/received.h>
#include <sipring/core/routing/detail/response_route.h>
#include <sipring/core/routing/detail/via_stamp.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/detail/key.h>
#include <sipring/core/transaction/detail/transaction.h>
#include <sipring/pools/handle.h>

#include <cstdint>
#include <memory_resource>
#include <optional>

namespace sipring::detail {

struct Arrival {
  Arrival(std::uint32_t headers, std::pmr::memory_resource& memory) : message(headers, memory) {}

  Received received;
  Instant at{};
  bool is_wanted = true;  // false: what would begin a transaction is refused (Engine::turn_away)
  Message message;
  Envelope envelope;

  // Of a request that can be answered.
  ResponseRoute route;
  TransactionKey key;
  std::uint64_t merge_key = 0;           // 0: no merged request is looked for
  bool merged = false;                   // the request has come by another way
  std::uint32_t source = Sources::none;  // where it counts
  // Its server transaction and the stamp of its top Via, until its outputs are taken: an answer is
  // written from here.
  Handle<Transaction> transaction;
  std::optional<ViaStamp> stamp;

  [[nodiscard]] bool is_ack() const { return message.method() == Method::ack; }
  [[nodiscard]] bool is_cancel() const { return message.method() == Method::cancel; }
  [[nodiscard]] bool is_within_dialog() const { return !envelope.to_tag.empty() || is_cancel(); }
};

}  // namespace sipring::detail
