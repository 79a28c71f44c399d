// SPDX-License-Identifier: MIT
#include "tests/simulation/simulator.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

#include "tests/simulation/broken.h"
#include "tests/simulation/peer.h"
#include "tests/simulation/proxy.h"
#include "tests/simulation/rule_breaker.h"

namespace sipring::simulation {
namespace {

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::minutes;

bool is_about_shards(const Canary& canary) {
  return canary.is(Canary::Kind::wrong_shard) || canary.is(Canary::Kind::lost_letter) ||
         canary.is(Canary::Kind::lost_receipt) || canary.is(Canary::Kind::stale_flow);
}

// Nothing that would excuse what the canary does, and enough of what it does it to.
Weights weights_for(Random& random, const Canary& canary) {
  Weights weights = draw_weights(random);
  if (canary.is(Canary::Kind::none)) return weights;
  weights.transport = Transport::udp;
  weights.corruption = weights.rule_breakers = weights.failing_acquire = weights.failing_send = 0;
  weights.invite = 400;
  weights.begin = 200;
  weights.transactions = 1'024;
  const bool is_timed = !canary.is(Canary::Kind::swapped_branch) &&
                        !canary.is(Canary::Kind::lost_output) && !is_about_shards(canary);
  const bool is_patient = canary.timer == RfcTimer::h;  // none of ten ACKs may come
  weights.loss = !is_timed ? 0 : is_patient ? 600 : 300;
  weights.silence = weights.provisional = weights.success = weights.cancel = 500;
  weights.stall = weights.suspend = 0;
  weights.bounce = weights.reset = weights.removal = 0;
  weights.work = {};
  weights.receive_buffers = 1'024;
  weights.mailbox = 1'024;
  weights.most_shards = is_about_shards(canary) ? 4 : 1;
  if (canary.is(Canary::Kind::wrong_t2)) weights.timers = {};  // T2 is reached before 64*T1
  if (canary.is(Canary::Kind::stale_flow)) {
    weights.transport = Transport::tcp;
    weights.reset = 50;
    weights.peers = 4;  // so that several have connections to one shard, and slots change hands
    weights.most_shards = 2;
  }
  return weights;
}

}  // namespace

Simulator::Simulator(std::uint64_t seed, const Canary& canary)
    : random_(seed),
      canary_(canary),
      weights_(weights_for(random_, canary)),
      directory_(weights_),
      network_(weights_, directory_, random_, canary.is(Canary::Kind::swapped_branch)),
      start_(Duration(static_cast<std::int64_t>(random_.next() / 4) - (std::int64_t{1} << 61))),
      now_(start_) {
  add_nodes();
  next_events_.resize(nodes_.size(), never);
}

void Simulator::add_nodes() {
  for (std::size_t node = 0; node < directory_.size(); ++node) {
    if (node < weights_.peers) {
      nodes_.push_back(
          std::make_unique<Peer>(node, weights_, directory_, random_, network_, canary_));
    } else if (node < weights_.peers + weights_.proxies) {
      nodes_.push_back(
          std::make_unique<Proxy>(node, weights_, directory_, random_, network_, canary_));
    } else {
      nodes_.push_back(
          std::make_unique<RuleBreaker>(node, weights_, directory_, random_, network_));
    }
  }
}

void Simulator::run(std::uint64_t steps) {
  for (std::uint64_t i = 0; i < steps; ++i) step();
  for (const auto& node : nodes_) node->retire();
  // A proxy's Timer C, ringing, 64*T1 each for INVITE, CANCEL and what lingers, hop by hop, and the
  // network's delays.
  const Instant limit = now_ - away_ + minutes(20);
  while (!is_at_rest()) {
    next_event();
    require(now_ - away_ < limit, "the engines do not come to rest");
  }
  for (const auto& node : nodes_) node->check_at_rest();
}

void Simulator::step() {
  ++steps_;
  const bool is_idle = network_.empty() && next_events_[next_node()] == never;
  if (random_.chance(weights_.begin) || is_idle) {
    begin();
  } else {
    next_event();
  }
  std::size_t alive = 0;
  if (steps_ % 64 == 0) {
    for (const auto& node : nodes_) alive += node->alive();
    most_alive_ = std::max(most_alive_, alive);
  }
}

void Simulator::begin() {
  const bool is_outrage = weights_.rule_breakers != 0 && random_.chance(weights_.outrage);
  const std::size_t node = is_outrage ? nodes_.size() - 1 : random_.below(weights_.peers);
  nodes_[node]->begin(now_);
  refresh(node);
}

void Simulator::next_event() {
  const std::size_t node = next_node();
  const Instant due = std::min(network_.next_arrival(), next_events_[node]);
  require(due != never, "a transaction is alive that nothing will end");
  if (due > now_) pass_time(due);
  network_.next_arrival() <= due ? deliver(network_.take()) : advance(node);
}

// The clock goes to the next event; sometimes the loop was away, and is late for it, or the whole
// machine slept. It never goes back.
void Simulator::pass_time(Instant due) {
  now_ = due;
  Duration away{};
  if (random_.chance(weights_.stall)) away += random_.up_to(weights_.longest_stall);
  if (random_.below(1'000'000) < weights_.suspend)
    away += random_.up_to(random_.pick<Duration>({minutes(2), hours(3), hours(24 * 40)}));
  now_ += away;
  away_ += away;
}

void Simulator::deliver(const Packet& packet) {
  const auto node = directory_.index_of(packet.is_bounce ? packet.source : packet.destination);
  if (!node) return;
  nodes_[*node]->receive(now_, packet);
  refresh(*node);
}

void Simulator::advance(std::size_t node) {
  nodes_[node]->advance(now_);
  refresh(node);
}

std::size_t Simulator::next_node() const {
  return static_cast<std::size_t>(std::ranges::min_element(next_events_) - next_events_.begin());
}

bool Simulator::is_at_rest() const {
  return network_.empty() &&
         std::ranges::all_of(nodes_, [](const auto& node) { return node->is_at_rest(); });
}

std::string Simulator::summary() const {
  Account account;
  for (const auto& node : nodes_) node->add_to(account);
  const Tally& tally = account.tally;
  const Counters& counters = account.counters;
  std::ostringstream text;
  text << "peers " << weights_.peers << ", proxies " << weights_.proxies << ", rule breakers "
       << weights_.rule_breakers << "\nvirtual seconds "
       << duration_cast<std::chrono::seconds>(now_ - start_).count() << ", of them away "
       << duration_cast<std::chrono::seconds>(away_).count() << ", most transactions at once "
       << most_alive_ << "\nclient transactions " << tally.clients << ": final responses "
       << tally.finals << "\nserver transactions " << tally.servers << ": cancelled "
       << tally.cancels << ", ACKs for 2xx " << tally.acknowledgements << ", 2xx after a CANCEL "
       << tally.crossed << "\ntimeouts " << tally.timeouts << ", transport errors "
       << tally.failures << ", timers checked " << account.timers_checked << "\nforked "
       << account.forked << ", outrages " << account.outrages << ", handed over "
       << account.handed_over << ", lost in a mailbox " << account.lost_in_mailbox
       << "\nrefused by overloaded shards " << account.refused << ", left unread " << account.unread
       << ", shards that went " << account.departed << "\nmessages sent " << counters.messages_sent
       << ", retransmissions sent " << counters.retransmissions_sent << ", received "
       << counters.retransmissions_received << "\nforgotten " << counters.transactions_forgotten
       << "\ndropped:";
  for (std::size_t i = 0; i < counters.dropped.size(); ++i) {
    text << ' ' << to_string(static_cast<DropReason>(i)) << ' ' << counters.dropped[i];
  }
  text << "\nfingerprint " << std::hex << network_.fingerprint();
  return text.str();
}

}  // namespace sipring::simulation
