// Orders: a shard's side of the roster. It takes over who has which calls, listeners that come and
// go, and the orders to drain, leave or stop (core/shard/detail/leaving.h is their table). All of
// it takes effect between two turns, and is acknowledged when it has.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/shard/detail/leaving.h>
#include <sipring/core/shard/steering.h>
#include <sipring/io/detail/outputs.h>
#include <sipring/io/detail/roster.h>
#include <sipring/io/names/naming.h>
#include <sipring/io/post/post.h>
#include <sipring/io/stream/ports.h>
#include <sipring/io/transaction_user.h>
#include <sipring/io/udp/change.h>
#include <sipring/io/udp/ports.h>

#include <cstdint>

namespace sipring {

class Orders {
 public:
  struct Parts {
    std::uint32_t shard;
    Roster& roster;
    ListenerChange& change;
    Steering& steering;
    Leaving& leaving;
    Engine& engine;
    TransactionUser& user;
    Outputs& outputs;
    Post& post;
    UdpPorts& udp;
    StreamPorts& streams;
    const UpgradePolicy& upgrade;
    Naming* naming;  // nullptr: there is none
  };
  explicit Orders(const Parts& parts) : parts_(parts) {}

  // Once a turn. `has_come`: something, in this turn.
  void follow(Instant now, bool has_come);
  // What was told has been done since, and is to be acknowledged: there is nothing to wait for.
  [[nodiscard]] bool is_due() const { return acknowledged_ != known_ && !is_closing(); }

 private:
  void look(Instant now);
  void change_listeners(Instant now);
  void open(const Listener& listener);
  void show_certificates(const Listener& listener);
  [[nodiscard]] Leaving::Sight look_around(bool has_come) const;
  void act(Instant now, Leaving::Action action);
  void report();
  [[nodiscard]] bool is_closing() const {
    return parts_.udp.is_closing() || parts_.streams.is_closing();
  }

  Parts parts_;
  std::uint32_t known_ = 0;         // change of the roster
  std::uint32_t acknowledged_ = 0;  // likewise
  ShardOrder order_ = ShardOrder::serve;
};

}  // namespace sipring
