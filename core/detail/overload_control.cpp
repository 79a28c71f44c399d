// SPDX-License-Identifier: MIT
#include <sipring/core/detail/overload_control.h>

#include <sipring/core/overload/detail/precedence.h>

namespace sipring::detail {
namespace {

using Verdict = OverloadControl::Admission::Verdict;

// How many transactions may be alive when a request of this precedence is to begin another one.
std::uint32_t room_for(Precedence precedence, std::uint32_t transactions) {
  switch (precedence) {
    case Precedence::in_dialog:
    case Precedence::emergency: return transactions;
    case Precedence::call:
    case Precedence::other: return transactions - transactions / 32;
    case Precedence::registration:
    case Precedence::count: break;
  }
  return transactions - transactions / 16;
}

DropReason reason_of(Sources::Verdict verdict) {
  return verdict == Sources::Verdict::over_rate ? DropReason::source_rate
                                                : DropReason::source_transactions;
}

bool needs_sources(const OverloadSettings& settings) {
  return settings.source_rate != 0 || settings.source_transactions != 0;
}

}  // namespace

OverloadControl::OverloadControl(const OverloadSettings& settings, std::uint32_t capacity,
                                 const HashSeed& seed, const Entropy& entropy,
                                 std::pmr::memory_resource& memory)
    : guards_(needs_sources(settings) || settings.pool_by_priority),
      pool_by_priority_(settings.pool_by_priority),
      capacity_(capacity) {
  if (needs_sources(settings)) sources_.emplace(settings, seed, memory);
  if (settings.advertise) server_.emplace(settings, seed);
  if (settings.honour) client_.emplace(settings, entropy, memory);
}

OverloadControl::Admission OverloadControl::admit(Arrival& arrival, std::uint32_t alive) {
  arrival.source = Sources::none;
  if (arrival.is_ack()) return {};
  if (!arrival.is_wanted) return {Verdict::refused, DropReason::turn_budget};
  const Precedence precedence = precedence_of(arrival.message, arrival.envelope.to_tag);
  if (pool_by_priority_ && alive >= room_for(precedence, capacity_)) return {Verdict::shed};
  if (!sources_) return {};
  const Sources::Decision decision =
      sources_->decide(arrival.at, arrival.received.source.ip, precedence);
  arrival.source = decision.slot;
  if (decision.verdict == Sources::Verdict::admitted) return {};
  return {decision.answer ? Verdict::refused : Verdict::left, reason_of(decision.verdict)};
}

}  // namespace sipring::detail
