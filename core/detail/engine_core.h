// The inside of Engine: its parts, and who works with them. The receiver handles what the wire
// brings, the responder and the requester what the transaction user asks for.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/engine_parts.h>
#include <sipring/core/detail/receiver.h>
#include <sipring/core/detail/requester.h>
#include <sipring/core/detail/responder.h>
#include <sipring/core/engine.h>

#include <optional>
#include <string_view>

namespace sipring {

class Engine::Core {
 public:
  Core(const Settings& settings, const Entropy& entropy, std::pmr::memory_resource& memory)
      : parts(settings, entropy, memory),
        responder(parts, settings.server),
        requester(parts),
        receiver(parts, responder, requester, settings.strict) {}

  // Whether the outputs of the last input have been taken.
  [[nodiscard]] bool has_no_outputs() const {
    return parts.outbox.empty() && !parts.arrival.transaction &&
           parts.transactions.next_deadline() > advanced_to;
  }
  // An input may come.
  [[nodiscard]] bool is_next(Instant now) const { return now >= advanced_to && has_no_outputs(); }

  std::optional<Output> next_output();
  void transmit_failed(Instant now, Handle<Transaction> handle);
  [[nodiscard]] std::optional<TransactionStatus> status(Handle<Transaction> handle);
  const Message* request(Handle<Transaction> handle);
  bool attach(Handle<Transaction> handle, std::uint64_t attached);
  [[nodiscard]] PoolUse pool_use() const;

  detail::EngineParts parts;
  detail::Responder responder;
  detail::Requester requester;
  detail::Receiver receiver;
  Instant advanced_to = Instant::min();

 private:
  bool fire_one();

  Instant fired_until_ = Instant::min();  // no timer is due by then: those armed since are later
};

}  // namespace sipring
