// Naming: a shard's way from a URI to the wire: the resolver on its ring, what is known of targets
// and of their health, and the sender that goes from one to the next (core/sending/sender.h).
//
// It stands between the engine and the transaction user, who sees one request and its outcome,
// whatever number of targets it took.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/routing/health.h>
#include <sipring/core/sending/sender.h>
#include <sipring/io/name_options.h>
#include <sipring/io/names/ring_resolver.h>
#include <sipring/io/transaction_user.h>

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

namespace sipring {

class Naming {
 public:
  struct Parts {
    Uring& uring;
    Engine& engine;
    Connections& connections;
    TransactionUser* user = nullptr;  // as soon as there is one
  };
  Naming(const Parts& parts, const NameOptions& options, std::span<const Listener> listeners,
         const Entropy& entropy, std::pmr::memory_resource& memory);

  [[nodiscard]] Sender& sender() { return sender_; }
  [[nodiscard]] RingResolver& resolver() { return resolver_; }
  void serve(TransactionUser& user) { parts_.user = &user; }

  // Gives an output to the user, unless another target is tried for it. Not Transmit.
  void give(Instant now, Output& output);
  // Name servers are asked and heard, and requests without a target are told. False: there was
  // nothing; else the engine may have outputs.
  bool settle(Instant now);

  void on_completion(Instant now, const CompletionToken& token, const io_uring_cqe& completion) {
    resolver_.on_completion(now, token, completion);
  }
  void advance(Instant now) { resolver_.advance(now); }
  [[nodiscard]] Instant next_deadline() const { return resolver_.next_deadline(); }
  // No request is on its way.
  [[nodiscard]] bool is_idle() const { return sender_.sendings() == 0; }

  // While the server runs.
  void listen(const Listener& listener);
  void close(const Listener& listener);

 private:
  Parts parts_;
  std::vector<Origin> origins_;
  RingResolver resolver_;
  Health health_;
  Sender sender_;
};

}  // namespace sipring
