// One side of the network: an engine, and a transaction user that calls, answers, cancels, forgets
// and makes mistakes.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "tests/simulation/broken.h"
#include "tests/simulation/ledger.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"
#include "tests/simulation/weights.h"

namespace sipring::simulation {

class Peer {
 public:
  // `loses_an_output`: a canary, the ledger never hears of one end.
  Peer(std::uint32_t number, const Weights& weights, Random& random, Network& network,
       bool loses_an_output);

  void begin(Instant now, const NetworkAddress& target);
  void receive(Instant now, const Packet& packet);
  void advance(Instant now);
  [[nodiscard]] Instant next_event() const;

  // Nothing is alive and nothing is planned.
  [[nodiscard]] bool is_at_rest() const;
  void check_at_rest();
  [[nodiscard]] const NetworkAddress& address() const { return address_; }
  [[nodiscard]] const Tally& tally() const { return ledger_.tally(); }
  [[nodiscard]] const Counters& counters() const { return engine_.counters(); }
  [[nodiscard]] std::size_t alive() const { return ledger_.alive(); }

 private:
  enum class Plan : std::uint8_t { respond, finish, repeat, cancel };
  struct Task {
    Plan plan;
    std::uint64_t user;
    Duration interval{};  // repeat
  };

  void drain(Instant now);
  void take(Instant now, const Transmit& transmit);
  void take(Instant now, const RequestReceived& request);
  void take(Instant now, const ResponseReceived& response);
  void take(Instant now, const Cancelled& cancelled);
  void take(Instant now, const TimedOut& timeout) { ledger_.on_timed_out(now, timeout); }
  void take(Instant now, const TransportFailed& failure) {
    ledger_.on_transport_failed(now, failure);
  }
  void take(Instant now, const Terminated& end);
  void take(Instant, const TimerCFired&) { require(false, "a timer C that nobody set"); }

  void plan(Instant at, const Task& task) { tasks_.emplace(std::pair(at, ++plans_), task); }
  void plan_answers(Instant now, std::uint64_t user, bool invite);
  void perform(Instant now, const Task& task);
  void respond(Instant now, std::uint64_t user, bool final);
  void repeat(Instant now, const Task& task);
  void cancel(Instant now, std::uint64_t user);
  void acknowledge(Instant now, const ResponseReceived& response);
  void misbehave(Instant now);
  int draw_final(bool invite);
  bool is_shortage(SendError error) const;

  std::uint32_t number_;
  Weights weights_;
  Random& random_;
  Network& network_;
  bool loses_an_output_;
  NetworkAddress address_;
  std::string sent_by_;
  Engine engine_;
  Message scratch_;
  Ledger ledger_;
  std::map<std::pair<Instant, std::uint64_t>, Task> tasks_;
  std::deque<Ref<Buffer>> in_flight_;  // octets that a kernel would still be reading
  std::uint64_t plans_ = 0;
  std::uint64_t last_user_ = 0;
  std::string datagram_octets_;
};

}  // namespace sipring::simulation
