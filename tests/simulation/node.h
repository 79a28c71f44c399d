// Whoever has an address: a peer, a proxy, a peer that breaks rules.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/counters.h>
#include <sipring/core/time.h>

#include <cstddef>
#include <cstdint>

#include "tests/simulation/ledger.h"
#include "tests/simulation/network.h"

namespace sipring::simulation {

// What a run has to tell at its end.
struct Account {
  Tally tally;
  Counters counters;
  std::uint64_t timers_checked = 0, handed_over = 0, lost_in_mailbox = 0;
  std::uint64_t forked = 0, outrages = 0;
  std::uint64_t refused = 0, unread = 0, departed = 0;  // by overloaded shards; shards
};

class Node {
 public:
  virtual ~Node() = default;
  // Does something of its own accord.
  virtual void begin(Instant now) = 0;
  virtual void receive(Instant now, const Packet& packet) = 0;
  virtual void advance(Instant now) = 0;
  [[nodiscard]] virtual Instant next_event() const = 0;
  // Nothing more of its own accord.
  virtual void retire() {}
  // Nothing is alive and nothing is planned.
  [[nodiscard]] virtual bool is_at_rest() const = 0;
  virtual void check_at_rest() {}
  [[nodiscard]] virtual std::size_t alive() const { return 0; }
  virtual void add_to(Account&) const {}
};

}  // namespace sipring::simulation
