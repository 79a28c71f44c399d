// SPDX-License-Identifier: MIT
#include "tests/simulation/site.h"

#include <algorithm>

#include "tests/simulation/broken.h"

namespace sipring::simulation {

Common::Common(const NetworkAddress& its_address, const Weights& its_weights, Random& its_random,
               Network& its_network, const Canary& its_canary, std::uint32_t shards)
    : address(its_address),
      weights(its_weights),
      random(its_random),
      network(its_network),
      canary(its_canary),
      truth(shards, {its_random.next(), its_random.next()}),
      mailboxes(shards, weights.mailbox, weights.receive_buffers + weights.sends_in_flight),
      roster(shards) {
  for (std::uint32_t shard = 0; shard < shards; ++shard) connections.emplace_back(shard);
}

Site::Site(const NetworkAddress& address, const Weights& weights, Random& random, Network& network,
           const Canary& canary, SimulatedUser& user)
    : common_(address, weights, random, network, canary,
              1 + static_cast<std::uint32_t>(random.below(weights.most_shards))) {
  common_.ring = [this](Instant now, std::uint32_t shard) {
    shards_[shard]->wake(now + common_.random.up_to(common_.weights.longest_handover));
  };
  for (std::uint32_t shard = 0; shard < common_.mailboxes.shards(); ++shard) {
    shards_.push_back(std::make_unique<Shard>(common_, shard, user));
  }
}

void Site::receive(Instant now, const Packet& packet) {
  Shard& landing = *shards_[landing_of(packet)];
  landing.arrive(now, packet);
  if (common_.random.chance(common_.weights.removal)) begin_removal(now);
  advance(now);
}

// The kernel's choice, of those whose sockets are in their group; a connection stays where it is.
std::size_t Site::landing_of(const Packet& packet) {
  const auto shards = static_cast<std::uint32_t>(shards_.size());
  if (is_reliable(packet.source.transport)) {
    return Common::owner_of_connection(packet.is_bounce ? packet.destination : packet.source,
                                       shards);
  }
  std::size_t landing = common_.random.next() % shards;
  while (!shards_[landing]->is_receiving()) landing = (landing + 1) % shards;
  return landing;
}

void Site::advance(Instant now) {
  for (const auto& shard : shards_) {
    if (shard->next_event() <= now) shard->turn(now);
  }
  look_after_removal(now);
}

void Site::begin_removal(Instant now) {
  const auto shard = static_cast<std::uint32_t>(common_.random.below(shards_.size()));
  const bool owns_connections = is_reliable(common_.weights.transport);
  if (removal_ || owns_connections || common_.roster.may_drain(shard)) return;
  common_.roster.set_phase(shard, ShardPhase::draining);
  common_.roster.order(shard, ShardOrder::drain);
  removal_ = ShardRemoval{.shard = shard, .change = tell_all(now)};
}

void Site::look_after_removal(Instant now) {
  if (!removal_) return;
  Roster& roster = common_.roster;
  const std::uint32_t shard = removal_->shard;
  const ShardReport report = roster.report_of(shard);
  const bool all_obey = roster.is_acknowledged(removal_->change);
  switch (removal_->step) {
    case ShardRemoval::Step::drains:
      if (report != ShardReport::drained && shards_[shard]->engine().is_at_rest()) {
        return shards_[shard]->wake(now);  // it is to say so
      }
      if (report != ShardReport::drained || !all_obey) return;
      if (!shards_[shard]->engine().is_at_rest()) return;
      roster.set_phase(shard, ShardPhase::stopped);
      removal_->step = ShardRemoval::Step::moved;
      removal_->change = tell_all(now);
      return;
    case ShardRemoval::Step::moved:
      if (!all_obey) return;
      roster.order(shard, ShardOrder::leave);
      removal_->step = ShardRemoval::Step::leaves;
      removal_->change = tell_all(now);
      return;
    case ShardRemoval::Step::leaves:
      if (report != ShardReport::left) return;
      ++departed_;
      removal_.reset();
      return;
  }
}

// Each hears of it when it hears of it.
std::uint32_t Site::tell_all(Instant now) {
  const std::uint32_t change = common_.roster.publish();
  common_.truth.place(common_.roster.homes());
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard) common_.ring(now, shard);
  return change;
}

Instant Site::next_event() const {
  Instant next = never;
  for (const auto& shard : shards_) next = std::min(next, shard->next_event());
  return next;
}

bool Site::is_at_rest() const {
  return !removal_ &&
         std::ranges::all_of(shards_, [](const auto& shard) { return shard->is_at_rest(); });
}

void Site::check_at_rest() {
  std::uint64_t handed_over = 0, handled = 0;
  for (const auto& shard : shards_) {
    handed_over += shard->handed_over();
    handled += shard->handled();
  }
  require(handed_over == handled, "a letter is lost");
  for (const auto& shard : shards_) shard->check_at_rest();
}

std::size_t Site::alive() const {
  std::size_t alive = 0;
  for (const auto& shard : shards_) alive += shard->engine().alive();
  return alive;
}

void Site::add_to(Account& account) const {
  for (const auto& shard : shards_) shard->add_to(account);
  account.departed += departed_;
}

}  // namespace sipring::simulation
