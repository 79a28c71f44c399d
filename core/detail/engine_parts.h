// EngineParts: what an engine owns, and its receiver, responder and requester work with.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/counters.h>
#include <sipring/core/detail/arrival.h>
#include <sipring/core/detail/outbox.h>
#include <sipring/core/detail/overload_control.h>
#include <sipring/core/detail/via_parameters.h>
#include <sipring/core/engine.h>
#include <sipring/core/limits.h>
#include <sipring/core/message/build_error.h>
#include <sipring/core/message/writer.h>
#include <sipring/core/transaction/detail/transactions.h>
#include <sipring/core/transaction/shard_mark.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <expected>
#include <memory_resource>
#include <optional>
#include <string_view>

namespace sipring::detail {

using Sent = std::expected<void, SendError>;

[[nodiscard]] inline std::unexpected<SendError> refuse(SendError error) {
  return std::unexpected(error);
}
[[nodiscard]] SendError as_send_error(WriteError error);
[[nodiscard]] SendError as_send_error(const BuildError& error);

// Transmit::lane of requests with this Call-ID; others may have the same.
[[nodiscard]] std::uint32_t lane_of(std::string_view call_id);

struct EngineParts {
  EngineParts(const Settings& settings, const Entropy& entropy, std::pmr::memory_resource& memory);

  // Parses a message of ours, or one that has been parsed before, into `stored`.
  const Message& parse_stored(const Buffer& buffer);
  // Of its To; empty when it has none.
  [[nodiscard]] std::string_view stored_to_tag() const;
  // What `write()` returns: where it finds no buffer, it is tried again after answered transactions
  // have made way. Bounded: what is needed may be larger than all that they had.
  template <class Write>
  auto write(Instant now, Write&& write) {
    auto written = write();
    constexpr int attempts = 64;
    for (int i = 0; !written && i < attempts; ++i) {
      if (as_send_error(written.error()) != SendError::no_buffers) break;
      if (!transactions.make_buffers(now)) break;
      written = write();
    }
    return written;
  }
  // For the stamp of its Via: the answer to a request that may offer keep-alives.
  [[nodiscard]] std::optional<std::uint16_t> keep_answer() const {
    const bool may_offer = keep_seconds && arrival.envelope.to_tag.empty() &&
                           may_agree_on_keep_alives(arrival.message.method());
    return may_offer ? keep_seconds : std::nullopt;
  }
  // `arrival` goes no further.
  void drop(DropReason reason) {
    ++counters[reason];
    if (is_malformed(reason)) last_malformed = arrival.received.source;
  }

  // In the order in which they are made: what comes later refers to what comes first.
  Limits limits;
  ShardMark mark;
  HashSeed seed;         // of transaction keys
  HashSeed branch_seed;  // of branches, and of what else is drawn
  Counters counters;
  NetworkAddress last_malformed;
  BufferPool buffers;
  Outbox outbox;
  MessageWriter writer;
  OverloadControl overload;
  ViaParameters via_parameters;
  std::optional<std::uint16_t> keep_seconds;
  Transactions transactions;
  Arrival arrival;
  Message stored;
};

}  // namespace sipring::detail
