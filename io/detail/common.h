// Common: what the shards of a server share.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/entropy.h>
#include <sipring/core/stream/upgrade.h>
#include <sipring/core/time.h>
#include <sipring/io/detail/roster.h>
#include <sipring/io/open_error.h>
#include <sipring/io/options.h>
#include <sipring/io/post/bells.h>
#include <sipring/io/post/errands.h>
#include <sipring/io/post/mailboxes.h>
#include <sipring/io/tls/ticket_key_chain.h>
#include <sipring/io/transaction_user.h>
#include <sipring/io/udp/change.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipring {

// Constant once they have started, but for what io/detail/roster.h, io/post/mailboxes.h and
// errands.h let through, and for the latches.
struct Common {
  // Who draws: each by itself, so that nobody foretells one from what he sees of another.
  enum class Purpose : std::uint32_t { steering, engine, user, connections, names, keep_alives };
  static constexpr std::uint32_t all_shards = ~0U;

  Common(const ServerOptions& its_options, std::uint32_t shards, const Entropy& its_entropy,
         TransactionUserFactory its_factory);

  const ServerOptions options;
  const Entropy entropy;
  const HashSeed steering_seed;
  const std::uint32_t server_mark;
  const UpgradePolicy upgrade;  // of WebSockets
  const TicketSecret ticket_secret;
  const Instant start;
  TransactionUserFactory factory;
  std::vector<Listener> listeners;  // the server's user's, once the shards have started
  std::vector<std::uint32_t> listener_generations;  // by slot; of the last one that had it
  ListenerChange change;
  Mailboxes mailboxes;
  std::vector<std::unique_ptr<Errands>> errands;  // one for each shard
  ErrandTurns errand_turns;                       // of a shard of the server's choice
  Roster roster;
  std::vector<WakeTarget> wake_targets;               // each shard writes its own before `started`
  std::vector<std::optional<OpenError>> open_errors;  // as well
  std::vector<std::optional<std::string>> notices;    // as well
  std::latch started;                                 // all shards and the starter
  std::latch ended;  // all shards: until then letters may point into a shard's buffers

  [[nodiscard]] bool failed() const;
  // Randomness for one user of one shard, or of all, out of the server's.
  [[nodiscard]] Entropy entropy_for(std::uint32_t shard, Purpose purpose) const;
  // Of one shard's engine.
  [[nodiscard]] Settings settings_for(std::uint32_t shard) const;
};

}  // namespace sipring
