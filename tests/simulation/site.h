// The engines of a node: one, or one a shard, with hand-over as io does it (io/steering.h): a
// datagram lands on any shard, and goes to the home of its Call-ID through a queue that is ordered
// and bounded, and takes its time.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/steering.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulation/agenda.h"
#include "tests/simulation/node.h"
#include "tests/simulation/watched_engine.h"

namespace sipring::simulation {

class Site {
 public:
  Site(const NetworkAddress& address, const Weights& weights, Random& random, Network& network,
       const Canary& canary, TransactionUser& user);

  void receive(Instant now, const Packet& packet);
  void advance(Instant now);
  [[nodiscard]] Instant next_event() const;

  [[nodiscard]] WatchedEngine& home_of(std::string_view call_id) {
    return *engines_[steering_.home_of(call_id)];
  }
  // Of a user's word.
  [[nodiscard]] WatchedEngine& engine_of(std::uint64_t user) { return *engines_[user & 0xff]; }
  [[nodiscard]] const NetworkAddress& address() const { return address_; }

  [[nodiscard]] bool is_at_rest() const;
  void check_at_rest();
  [[nodiscard]] std::size_t alive() const;
  void add_to(Account& account) const;

 private:
  // From one shard to another.
  struct Mailbox {
    Instant last{Instant::min()};
    std::uint32_t waiting = 0;
  };
  struct Letter {
    std::size_t from, to;
    Packet packet;
  };

  std::size_t landing_of(const Packet& packet);
  void hand_over(Instant now, std::size_t from, std::size_t to, const Packet& packet);
  void deliver(Instant now, std::size_t shard, const Packet& packet);
  [[nodiscard]] Mailbox& mailbox(std::size_t from, std::size_t to) {
    return mailboxes_[from * engines_.size() + to];
  }

  NetworkAddress address_;
  Weights weights_;
  Random& random_;
  Canary canary_;
  std::vector<std::unique_ptr<WatchedEngine>> engines_;
  Steering steering_;
  std::vector<Mailbox> mailboxes_;
  Agenda<Letter> letters_;
  std::uint64_t handed_over_ = 0, lost_ = 0;
};

}  // namespace sipring::simulation
