// TransactionUser: the application of a shard, above the transaction layer (RFC 3261 section 5).
// One for each shard, called by that shard's thread alone, so it needs no locks.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/connections.h>
#include <sipring/core/engine.h>
#include <sipring/core/outbound/keep_alives.h>
#include <sipring/core/output.h>
#include <sipring/core/sending/sender.h>
#include <sipring/core/shard/steering.h>
#include <sipring/core/time.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <memory_resource>
#include <span>
#include <vector>

namespace sipring {

// Where a server listens. `flow` is the same on each shard.
struct Listener {
  Flow flow;
  NetworkAddress address;  // with the port that was bound
};

struct CallCounters;

class TransactionUser {
 public:
  virtual ~TransactionUser() = default;
  // Everything but Transmit, in order. What `output` points to lives until the engine's next input;
  // calls of the engine from here are welcome, and what they put out follows.
  virtual void on_output(Engine& engine, Instant now, const Output& output) = 0;
  // A request of ShardContext::sender's has ended without an output: no target was found for it, or
  // none was left.
  virtual void on_no_target(Engine&, Instant, const Sender::Ended&) {}
  // Timers of the user's own: advance() is called at or soon after the deadline.
  [[nodiscard]] virtual Instant next_deadline() const { return never; }
  virtual void advance(Engine&, Instant) {}
  // The shard begins to drain: start nothing new here.
  virtual void on_drain(Engine&, Instant) {}
  // The whole server is about to stop: end what goes on, and refuse what begins. Its end is waited
  // for, as long as Server::stop(patience) says.
  virtual void on_finish(Engine&, Instant) {}
  // As Engine::coming_memory(), of what the user has.
  [[nodiscard]] virtual std::span<std::byte> coming_memory() { return {}; }
  // Whether nothing that has begun here needs the shard any more, its transactions apart. Asked
  // while it drains or finishes.
  [[nodiscard]] virtual bool is_idle() const { return true; }
  // What it counts of calls, for Server::metrics(); null: it has none.
  [[nodiscard]] virtual const CallCounters* call_counters() const { return nullptr; }
  // A listener has come, or is going, while the server runs (Server::listen, close). Those of its
  // start are in ShardContext.
  virtual void on_listen(Engine&, Instant, const Listener&) {}
  virtual void on_close(Engine&, Instant, const Listener&) {}
};

// What a user may know of its shard. Lives as long as the shard's loop.
struct ShardContext {
  std::uint32_t shard = 0;
  std::uint32_t shards = 1;
  std::span<const Listener> listeners;          // when it starts
  std::pmr::memory_resource* memory = nullptr;  // the shard's heap; for slabs at start
  Entropy entropy;                              // other than the engine's and other shards'
  const Steering* steering = nullptr;  // home_of(call_id) == shard for Call-IDs that we make
  ShardMark mark;                      // for the tags and branches that we make
  Entropy shared_entropy;              // the same for all shards of the server
  // With ServerOptions::names: sends requests to where their URIs lead. What is told of them goes
  // to on_output() as ever, with the word that the user has given.
  Sender* sender = nullptr;
  // The shard's stream connections: towards() is the flow of a request that wants one of several to
  // a target, or a domain verified; find() and each() show what there is. All else is io's.
  Connections* connections = nullptr;
  // Keeps flows alive for whom that was agreed on; with FlowSettings::offers_keep_alives.
  KeepAlives* keep_alives = nullptr;
};

// Called on the shard's thread before its loop starts. An exception ends the start with
// OpenErrorCode::user.
using TransactionUserFactory = std::function<std::unique_ptr<TransactionUser>(ShardContext&)>;

}  // namespace sipring
