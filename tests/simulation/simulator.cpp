// SPDX-License-Identifier: MIT
#include "tests/simulation/simulator.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

#include "tests/simulation/broken.h"

namespace sipring::simulation {
namespace {

using std::chrono::minutes;

Weights weights_for(Random& random, Canary canary) {
  Weights weights = draw_weights(random);
  if (canary == Canary::none) return weights;
  weights.corruption = 0;  // would excuse what the canary does
  weights.loss = weights.bounce = 0;
  weights.invite = 300;
  weights.begin = 200;
  weights.transactions = 1'024;
  return weights;
}

}  // namespace

Simulator::Simulator(std::uint64_t seed, Canary canary)
    : random_(seed),
      weights_(weights_for(random_, canary)),
      network_(weights_, random_, canary == Canary::swapped_branch),
      start_(Duration(static_cast<std::int64_t>(random_.next() / 4) - (std::int64_t{1} << 61))),
      now_(start_) {
  for (std::uint32_t number = 0; number < 2; ++number) {
    peers_.push_back(
        std::make_unique<Peer>(number, weights_, random_, network_, canary == Canary::lost_output));
  }
}

void Simulator::run(std::uint64_t steps) {
  for (std::uint64_t i = 0; i < steps; ++i) step();
  // 100 s of ringing, 64*T1 each for INVITE, CANCEL and what lingers, and the network's delays.
  const Instant limit = now_ + minutes(10) + 4 * weights_.longest_stall;
  while (!is_at_rest()) {
    next_event();
    require(now_ < limit, "the engines do not come to rest");
  }
  for (const auto& peer : peers_) peer->check_at_rest();
}

void Simulator::step() {
  if (random_.chance(weights_.begin) || next_time() == never) {
    const std::size_t caller = random_.below(2);
    peers_[caller]->begin(now_, peers_[1 - caller]->address());
  } else {
    next_event();
  }
  most_alive_ = std::max(most_alive_, peers_[0]->alive() + peers_[1]->alive());
}

// The clock goes to the next event; sometimes the loop was away, and is late for it.
void Simulator::next_event() {
  const Instant due = next_time();
  require(due != never, "a transaction is alive that nothing will end");
  if (due > now_) {
    now_ = due;
    if (random_.chance(weights_.stall)) now_ += random_.up_to(weights_.longest_stall);
  }
  if (network_.next_arrival() <= due) return deliver(network_.take());
  const auto peer =
      std::ranges::min_element(peers_, {}, [](const auto& each) { return each->next_event(); });
  (*peer)->advance(now_);
}

void Simulator::deliver(const Packet& packet) {
  const NetworkAddress& to = packet.is_bounce ? packet.source : packet.destination;
  for (const auto& peer : peers_) {
    if (peer->address() == to) peer->receive(now_, packet);
  }
}

Instant Simulator::next_time() const {
  return std::min({network_.next_arrival(), peers_[0]->next_event(), peers_[1]->next_event()});
}

bool Simulator::is_at_rest() const {
  return network_.empty() &&
         std::ranges::all_of(peers_, [](const auto& peer) { return peer->is_at_rest(); });
}

std::string Simulator::summary() const {
  Tally tally;
  Counters counters;
  for (const auto& peer : peers_) {
    const Tally& one = peer->tally();
    tally.clients += one.clients, tally.servers += one.servers;
    tally.finals += one.finals, tally.timeouts += one.timeouts, tally.failures += one.failures;
    tally.cancels += one.cancels, tally.acknowledgements += one.acknowledgements;
    counters += peer->counters();
  }
  std::ostringstream text;
  text << "virtual seconds "
       << std::chrono::duration_cast<std::chrono::seconds>(now_ - start_).count()
       << ", most transactions at once " << most_alive_ << "\nclient transactions " << tally.clients
       << ": final responses " << tally.finals << "\nserver transactions " << tally.servers
       << ": cancelled " << tally.cancels << ", ACKs for 2xx " << tally.acknowledgements
       << "\ntimeouts " << tally.timeouts << ", transport errors " << tally.failures
       << "\nmessages sent " << counters.messages_sent << ", retransmissions sent "
       << counters.retransmissions_sent << ", received " << counters.retransmissions_received
       << "\ndropped:";
  for (std::size_t i = 0; i < counters.dropped.size(); ++i) {
    text << ' ' << to_string(static_cast<DropReason>(i)) << ' ' << counters.dropped[i];
  }
  text << "\nfingerprint " << std::hex << network_.fingerprint();
  return text.str();
}

}  // namespace sipring::simulation
