// What an overloaded engine does not take in, and what it says about that: RFC 3261 section 21.5.4,
// RFC 7339 section 5. Off the path as long as nothing of it is configured.
// SPDX-License-Identifier: MIT
#include <sipring/core/detail/engine_core.h>
#include <sipring/core/message/header/via.h>

#include <algorithm>

namespace sipring {
namespace {

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

void Engine::Core::set_up_overload(const Entropy& entropy, std::pmr::memory_resource& memory) {
  if (needs_sources(overload)) {
    sources.emplace(overload, seed, memory);
    transactions.release_to(*sources);
  }
  if (overload.advertise) oc_server.emplace(overload, seed);
  if (overload.honour) oc_client.emplace(overload, entropy, memory);
  guarded_ = sources || overload.pool_by_priority;
}

void Engine::Core::receive_unwanted(Instant now, const Received& received) {
  const bool before = guarded_;
  guarded_ = refusing_ = true;
  receive(now, received);
  guarded_ = before;
  refusing_ = false;
}

void Engine::Core::turn_ended(Instant now, const TurnReport& report) {
  counters[DropReason::unread] += report.unread;
  if (oc_server) oc_server->report(now, report);
}

// Whether a request that would begin a transaction may do so. Where not, it has been dealt with.
bool Engine::Core::admit(Instant now, const Inbound& inbound) {
  source_ = Sources::none;
  if (message_.method() == Method::ack) return true;
  if (refusing_) return refuse_service(inbound, DropReason::turn_budget);
  const Precedence precedence = precedence_of(message_, inbound.envelope.to_tag);
  if (overload.pool_by_priority &&
      transactions.size() >= room_for(precedence, limits.transactions)) {
    shed(inbound);
    return false;
  }
  if (!sources) return true;
  const Sources::Decision decision = sources->decide(now, inbound.received.source.ip, precedence);
  source_ = decision.slot;
  if (decision.verdict == Sources::Verdict::admitted) return true;
  const DropReason reason = reason_of(decision.verdict);
  if (decision.answer) return refuse_service(inbound, reason);
  drop(reason);
  return false;
}

// Clients that know overload control are told how much to send, and need no Retry-After, which
// would silence them altogether; the others get none then either (RFC 7339 section 5.10.2).
bool Engine::Core::refuse_service(const Inbound& inbound, DropReason reason) {
  if (oc_server) {
    reject(inbound, {.status = 503}, reason);
  } else {
    shed(inbound, reason);
  }
  return false;
}

Written Engine::Core::write_telling(Instant now, const Told& told, const Message& request,
                                    std::span<const Edit> via_edits, std::string_view to_tag,
                                    const Response& response) {
  const OcStamp stamp(told.via.parameters, via_edits, now, told.client, *oc_server);
  return writer.response(request, stamp.edits(), to_tag, server, response);
}

}  // namespace sipring
