// A shard in virtual time: an engine under observation, and around it the code that runs in
// production: what becomes of a message (core/shard/), letters and receipts (io/post/), orders
// (io/detail/roster.h). Sockets, and how long things take, are made up here.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/shard/detail/intake.h>
#include <sipring/core/shard/detail/leaving.h>
#include <sipring/core/shard/steering.h>
#include <sipring/io/detail/roster.h>
#include <sipring/io/post/post.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "tests/simulation/carrier.h"
#include "tests/simulation/connections.h"
#include "tests/simulation/network.h"
#include "tests/simulation/node.h"
#include "tests/simulation/watched_engine.h"

namespace sipring::simulation {

// What the shards of a site have in common.
struct Common {
  Common(const NetworkAddress& its_address, const Weights& its_weights, Random& its_random,
         Network& its_network, const Canary& its_canary, std::uint32_t shards);
  Common(const Common&) = delete;
  Common& operator=(const Common&) = delete;

  // Everybody knows whose a connection is, by the peer's port.
  [[nodiscard]] static std::uint32_t owner_of_connection(const NetworkAddress& peer,
                                                         std::uint32_t shards) {
    return peer.port % shards;
  }

  NetworkAddress address;
  Weights weights;
  Random& random;
  Network& network;
  Canary canary;
  Steering truth;  // by what has been published, whoever has heard of it
  Mailboxes mailboxes;
  Roster roster;
  std::vector<Connections> connections;  // of each shard
  std::function<void(Instant now, std::uint32_t shard)> ring;
};

class Shard : public Carrier {
 public:
  Shard(Common& common, std::uint32_t number, SimulatedUser& user);

  // Off the wire; it is lost where no buffer is free.
  void arrive(Instant now, const Packet& packet);
  // At or after that time.
  void wake(Instant at);
  void turn(Instant now);
  [[nodiscard]] Instant next_event() const;

  [[nodiscard]] WatchedEngine& engine() { return engine_; }
  [[nodiscard]] const WatchedEngine& engine() const { return engine_; }
  [[nodiscard]] const Steering& steering() const { return steering_; }
  [[nodiscard]] const Leaving& leaving() const { return leaving_; }
  [[nodiscard]] bool is_receiving() const { return is_receiving_; }
  [[nodiscard]] bool is_at_rest() const;
  void check_at_rest();
  void add_to(Account& account) const;
  // Letters to others, and those of others that have been handled.
  [[nodiscard]] std::uint64_t handed_over() const { return counters_.handed_over; }
  [[nodiscard]] std::uint64_t handled() const { return handled_; }

  void carry(Instant now, const Transmit& transmit) override;
  [[nodiscard]] Flow flow_to(const NetworkAddress& destination) override;

 private:
  void follow_orders(Instant now, bool has_come);
  void take_mail(Instant now);
  void take(Instant now, const Letter& letter, std::uint32_t from);
  void pass_on(Instant now, const Letter& letter, std::uint32_t from, std::uint32_t to);
  void serve(Instant now, const Letter& letter, Intake::Fate fate);
  void check_home(const Letter& letter);
  void serve_waiting(Instant now);
  void tell_failures(Instant now);
  bool leave_by(Instant now, Flow flow, const NetworkAddress& destination, std::string_view bytes);
  void release(Loan loan, std::uint32_t owner, Receipt::Outcome outcome = Receipt::Outcome::done);
  [[nodiscard]] std::optional<std::uint32_t> fill_buffer(std::string_view bytes);
  void give_back(Loan loan);
  [[nodiscard]] Instant clock(Instant now);
  [[nodiscard]] Connections& connections() { return common_.connections[number_]; }

  Common& common_;
  std::uint32_t number_;
  Flow listener_;
  WatchedEngine engine_;
  IoCounters counters_;
  FailedSends failed_;
  Post post_;
  Steering steering_;
  Leaving leaving_;
  Intake intake_;
  std::uint32_t known_change_ = 0;  // of the roster
  std::vector<std::string> buffers_;
  std::vector<std::uint32_t> free_buffers_;
  std::deque<Letter> arrivals_;
  Instant turn_at_ = never;
  Instant busy_until_ = Instant::min();  // the machine's time, which work uses up
  bool is_receiving_ = true;
  bool is_in_turn_ = false;
  std::uint64_t handled_ = 0, lost_ = 0, letters_ = 0, receipts_ = 0, refused_ = 0, unread_ = 0;
};

}  // namespace sipring::simulation
