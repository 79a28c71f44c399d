// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/keep_alives.h>

#include <sipring/pools/assert.h>

#include <utility>

namespace sipring {

KeepAlives::KeepAlives(std::uint32_t flows, const Entropy& entropy,
                       std::pmr::memory_resource& memory, const KeepAliveSettings& settings)
    : settings_(settings),
      seed_{entropy.words[0], entropy.words[1]},
      draws_(entropy.words[2]),
      flows_(flows, memory),
      places_(flows, memory),
      timers_(flows, memory) {}

Handle<KeptFlow> KeepAlives::hold(Instant now, const PeerFlow& flow, const KeepAliveTerms& terms) {
  if (!terms.wanted) return {};
  if (const auto slot = find(flow)) {
    KeptFlow& kept = flows_.at(*slot);
    ++kept.users;
    if (kept.keep_alive.is_rarer_than(terms)) {
      kept.keep_alive.start(now, terms);
      arm(*slot);
    }
    return flows_.handle_of(*slot);
  }
  const Handle<KeptFlow> handle = flows_.acquire_made([&] {
    return KeptFlow{flow, KeepAlive(settings_, flow.peer.transport, draws_.up_to(UINT64_MAX - 1))};
  });
  if (!handle) return {};
  const bool is_placed = places_.insert(key_of(flow), handle.slot);
  SIPRING_ASSERT(is_placed);  // as many places as flows
  flows_.at(handle.slot).keep_alive.start(now, terms);
  arm(handle.slot);
  return handle;
}

Handle<KeptFlow> KeepAlives::move(Instant now, Handle<KeptFlow> kept, const PeerFlow& to) {
  const KeptFlow* const flow = flows_.find(kept);
  if (flow == nullptr) return {};
  const KeepAliveTerms terms = flow->keep_alive.terms();
  release(kept);
  return hold(now, to, terms);
}

void KeepAlives::release(Handle<KeptFlow> kept) {
  KeptFlow* const flow = flows_.find(kept);
  if (flow == nullptr || --flow->users != 0) return;
  places_.erase(key_of(flow->flow), kept.slot);
  timers_.stop(kept.slot);
  flows_.release(kept);
}

void KeepAlives::pong(Instant now, Flow connection) {
  const auto slot = find({connection, {}});
  if (!slot) return;
  flows_.at(*slot).keep_alive.pong(now);
  arm(*slot);
}

std::optional<KeepAlives::Due> KeepAlives::next_due(Instant now) {
  while (const std::optional<std::uint32_t> slot = timers_.pop_due(now)) {
    KeptFlow& kept = flows_.at(*slot);
    const KeepAlive::Due due = kept.keep_alive.advance(now);
    arm(*slot);
    if (due != KeepAlive::Due::nothing) return Due{kept.flow, due == KeepAlive::Due::failed};
  }
  return std::nullopt;
}

void KeepAlives::arm(std::uint32_t slot) {
  const Instant deadline = flows_.at(slot).keep_alive.next_deadline();
  deadline == never ? timers_.stop(slot) : timers_.arm(slot, deadline);
}

// A connection has one peer; a listener has many.
std::uint64_t KeepAlives::key_of(const PeerFlow& flow) const {
  Hasher hasher(seed_);
  hasher.add(std::uint64_t{flow.flow.slot} << 32 | flow.flow.generation);
  if (flow.flow.is_connection()) return hasher.finish_low();
  const IpAddress& ip = flow.peer.ip;
  hasher.add(std::string_view(reinterpret_cast<const char*>(ip.octets.data()), ip.octets.size()));
  hasher.add(std::uint64_t{flow.peer.port} << 8 | std::to_underlying(ip.family));
  return hasher.finish_low();
}

std::optional<std::uint32_t> KeepAlives::find(const PeerFlow& flow) {
  return places_.find(key_of(flow), [&](std::uint32_t slot) {
    const PeerFlow& one = flows_.at(slot).flow;
    return one.flow == flow.flow && (flow.flow.is_connection() || one.peer == flow.peer);
  });
}

}  // namespace sipring
