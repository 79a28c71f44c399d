// An engine under observation: all that goes in and comes out passes the ledger (what its user may
// be told) and the model of its timers (when), and goes on to the network and to its user.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/message/message_edit.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tests/simulation/broken.h"
#include "tests/simulation/canary.h"
#include "tests/simulation/carrier.h"
#include "tests/simulation/ledger.h"
#include "tests/simulation/random.h"
#include "tests/simulation/timer_model.h"
#include "tests/simulation/weights.h"

namespace sipring::simulation {

class WatchedEngine;

// An engine that had no memory is asked again so much later.
inline constexpr Duration after_a_shortage = std::chrono::milliseconds(300);

// Whom the engine tells; all of it while outputs are taken.
class SimulatedUser {
 public:
  virtual ~SimulatedUser() = default;
  // `attached` is attached to the transaction; 0: an ACK for a 2xx.
  virtual void on_request(Instant now, WatchedEngine& engine, std::uint64_t attached,
                          const RequestReceived& request) = 0;
  virtual void on_response(Instant now, WatchedEngine& engine,
                           const ResponseReceived& response) = 0;
  virtual void on_cancelled(Instant now, WatchedEngine& engine, std::uint64_t attached) = 0;
  // A timeout or a transport error.
  virtual void on_failed(Instant now, WatchedEngine& engine, std::uint64_t attached,
                         bool timed_out) = 0;
  virtual void on_terminated(WatchedEngine& engine, std::uint64_t attached) = 0;
};

class WatchedEngine {
 public:
  struct Position {
    NetworkAddress address;
    std::uint8_t shard = 0;
  };
  WatchedEngine(const Position& position, const Weights& weights, Random& random,
                const Canary& canary, Carrier& carrier, SimulatedUser& user);

  void receive(Instant now, const Received& received);
  // There is no time for it.
  void refuse(Instant now, const Received& received);
  void turn_ended(Instant now, const TurnReport& report);
  // The start of a message of ours comes back.
  void undelivered(Instant now, std::string_view bytes);
  void transmit_failed(Instant now, Handle<Transaction> transaction);
  void advance(Instant now);
  // After each call of those below that is not made while outputs are taken.
  void take_outputs(Instant now) { take_outputs(now, {}); }
  [[nodiscard]] Instant next_deadline() const { return engine_.next_deadline(); }

  using Done = std::expected<void, SendError>;
  // The word that comes back with everything of the new transaction.
  std::expected<std::uint64_t, SendError> send(Instant now, Request request,
                                               std::string_view call_id);
  Done send_stateless(Request request);
  // What a proxy passes on.
  std::expected<std::uint64_t, SendError> forward(Instant now, MessageEdit& request,
                                                  const NetworkAddress& destination,
                                                  std::string_view call_id);
  Done forward_stateless(MessageEdit& request, const NetworkAddress& destination);
  Done forward(Instant now, std::uint64_t attached, MessageEdit& response);
  // What fails without a reason ends the run.
  Done respond(Instant now, std::uint64_t attached, const Response& response);
  Done repeat_response(Instant now, std::uint64_t attached);
  void acknowledged(Instant now, std::uint64_t attached);
  Done cancel(Instant now, std::uint64_t attached);
  // Does what a user may not do; it is refused, and does no harm.
  void misbehave(Instant now);

  // nullptr: it has ended.
  [[nodiscard]] const Entry* find(std::uint64_t attached) { return ledger_.find(attached); }
  [[nodiscard]] static bool is_shortage(SendError error);

  [[nodiscard]] bool is_at_rest() const;
  void check_at_rest();
  [[nodiscard]] std::size_t alive() const { return ledger_.alive(); }
  [[nodiscard]] std::uint8_t shard() const { return position_.shard; }
  // For what asks it, and puts nothing in.
  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] const Tally& tally() const { return ledger_.tally(); }
  [[nodiscard]] const Counters& counters() const { return engine_.counters(); }
  [[nodiscard]] std::uint64_t timers_checked() const { return model_.checked(); }

 private:
  // A client transaction that the user has begun.
  struct Begun {
    std::uint64_t attached;
    bool is_invite;
    bool is_reliable;
    std::string_view call_id;
  };
  void take_outputs(Instant now, Occasion occasion);
  void take_waiting(Instant now, Occasion occasion);
  void take(Instant now, const Transmit& transmit);
  void take(Instant now, const RequestReceived& request);
  void take(Instant now, const ResponseReceived& response);
  void take(Instant now, const Cancelled& cancelled);
  void take(Instant now, const TimedOut& timeout);
  void take(Instant, const TimerCFired&) { require(false, "a timer C that nobody set"); }
  void take(Instant now, const TransportFailed& failure);
  void take(Instant now, const Terminated& end);
  void put_on_wire(Instant now, const Transmit& transmit);
  void arrives(Instant now, const Received& received);
  void inject_failures();
  std::uint64_t begun(Instant now, Handle<Transaction> handle, const Begun& begun);
  [[nodiscard]] bool is_short();
  [[nodiscard]] std::uint64_t alive_and_forgotten() const {
    return engine_.transactions_alive() + engine_.counters().transactions_forgotten;
  }
  std::uint64_t new_user() { return ++users_ << 8 | position_.shard; }

  Position position_;
  Weights weights_;
  Random& random_;
  Canary canary_;
  Carrier& carrier_;
  SimulatedUser& user_;
  std::string sent_by_;
  Engine engine_;
  Message scratch_;
  Ledger ledger_;
  TimerModel model_;
  // What could not be sent since the last input: its transaction, and as what the model knows it.
  struct Unsent {
    Handle<Transaction> transaction;
    std::uint64_t key;
  };
  std::deque<Unsent> unsent_;
  std::deque<Ref<Buffer>> in_flight_;  // octets that a kernel would still be reading
  std::uint64_t users_ = 0;
  std::uint64_t timed_sends_ = 0;
  bool is_advancing_ = false;
  // The key of what a transaction has sent last, by its handle.
  struct Sent {
    std::uint32_t generation = 0;
    std::uint64_t key = 0;
  };
  std::unordered_map<std::uint32_t, Sent> sent_by_slot_;
};

}  // namespace sipring::simulation
