// SPDX-License-Identifier: MIT
#include "tests/simulation/site.h"

#include <algorithm>

#include "tests/simulation/broken.h"

namespace sipring::simulation {

Site::Site(const NetworkAddress& address, const Weights& weights, Random& random, Network& network,
           const Canary& canary, TransactionUser& user)
    : address_(address), weights_(weights), random_(random), canary_(canary), steering_(1, {}) {
  const std::size_t shards = 1 + random.below(weights.most_shards);
  for (std::size_t shard = 0; shard < shards; ++shard) {
    const WatchedEngine::Place place{address, static_cast<std::uint8_t>(shard)};
    engines_.push_back(
        std::make_unique<WatchedEngine>(place, weights, random, network, canary, user));
  }
  steering_ = Steering(static_cast<std::uint32_t>(shards), {random.next(), random.next()});
  mailboxes_.resize(shards * shards);
}

void Site::receive(Instant now, const Packet& packet) {
  if (engines_.size() == 1) return deliver(now, 0, packet);
  const std::size_t landing = landing_of(packet);
  const std::size_t home = steering_.home_of_datagram(packet.bytes).value_or(landing);
  if (home == landing) return deliver(now, landing, packet);
  hand_over(now, landing, home, packet);
}

// The kernel's choice; a connection stays where it is.
std::size_t Site::landing_of(const Packet& packet) {
  const bool is_connection = is_reliable(packet.source.transport);
  return (is_connection ? packet.source.port : random_.next()) % engines_.size();
}

// Full: the datagram is lost, as by any queue of the network.
void Site::hand_over(Instant now, std::size_t from, std::size_t to, const Packet& packet) {
  Mailbox& box = mailbox(from, to);
  if (box.waiting == weights_.mailbox) {
    ++lost_;
    return;
  }
  ++box.waiting;
  ++handed_over_;
  box.last = std::max(box.last, now + random_.up_to(weights_.longest_handover));
  const bool is_mistaken = canary_.is(Canary::Kind::wrong_shard) && handed_over_ % 64 == 0;
  letters_.plan(box.last, {from, is_mistaken ? from : to, packet});
}

void Site::deliver(Instant now, std::size_t shard, const Packet& packet) {
  const auto home = steering_.home_of_datagram(packet.bytes);
  require(!home || *home == shard, "a message of a call lands on a shard that is not its home");
  engines_[shard]->receive(now, packet);
}

void Site::advance(Instant now) {
  while (std::optional<Letter> letter = letters_.take_due(now)) {
    --mailbox(letter->from, letter->to).waiting;
    deliver(now, letter->to, letter->packet);
  }
  for (const auto& engine : engines_)
    if (engine->next_deadline() <= now) engine->advance(now);
}

Instant Site::next_event() const {
  Instant next = letters_.next();
  for (const auto& engine : engines_) next = std::min(next, engine->next_deadline());
  return next;
}

bool Site::is_at_rest() const {
  return letters_.empty() &&
         std::ranges::all_of(engines_, [](const auto& engine) { return engine->is_at_rest(); });
}

void Site::check_at_rest() {
  for (const auto& engine : engines_) engine->check_at_rest();
}

std::size_t Site::alive() const {
  std::size_t alive = 0;
  for (const auto& engine : engines_) alive += engine->alive();
  return alive;
}

void Site::add_to(Account& account) const {
  for (const auto& engine : engines_) {
    account.tally += engine->tally();
    account.counters += engine->counters();
    account.timers_checked += engine->timers_checked();
  }
  account.handed_over += handed_over_;
  account.lost_in_mailbox += lost_;
}

}  // namespace sipring::simulation
