// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/core/call/detail/exchange_machine.h>
#include <sipring/core/call/detail/invite_machine.h>
#include <sipring/core/message/header/option_tag.h>
#include <sipring/core/message/header/token.h>

namespace sipring {
namespace {

Entropy apart(const Entropy& entropy, std::uint64_t what) {
  Entropy other = entropy;
  for (std::uint64_t& word : other.words) word += what;
  return other;
}

}  // namespace

Calls::Core::Core(const CallSettings& settings, const CallLimits& limits, const Entropy& entropy,
                  std::pmr::memory_resource& memory)
    : settings_(settings),
      limits_(limits),
      memory_(memory),
      tags_(entropy, settings.mark),
      identifiers_(apart(entropy, 1), settings.mark),
      pool_(limits.calls, memory),
      forks_(limits.forks, memory),
      wheel_(limits.calls * timers_of_a_call, memory),
      outputs_(limits.outputs, memory),
      owed_(limits.refusals, memory),
      abilities_(settings_),
      kept_(settings.keeps_alive ? limits.calls : 0, memory),
      draw_seed_{entropy.words[2], entropy.words[3] + 2} {
  SIPRING_ASSERT(!settings_.endpoints.empty());
  settings_.min_se = std::max(settings_.min_se, 90U);
}

// Of each transition the history keeps a record, and its user hears of a new state.
void Calls::Core::enter(const Moment& moment, At at, CallState state, CallEvent event,
                        std::uint16_t status) {
  Call& call = pool_.at(at.slot);
  const bool is_new = call.state != state;
  call.state = state;
  note(moment, at, event, status);
  if (is_new) tell(StateChanged{at, call.attached, state, call.history[call.history.size() - 1]});
}

void Calls::Core::note(const Moment& moment, At at, CallEvent event, std::uint16_t status) {
  Call& call = pool_.at(at.slot);
  call.history.add(call.begun.until(moment.now), {.status = status,
                                                  .event = std::to_underlying(event),
                                                  .state = std::to_underlying(call.state)});
}

CallAction Calls::Core::step_invite(Call& call, InviteEvent event) {
  const auto& transition = call_invite::machine.on(call.invite_state, event);
  if (!transition.exists) return CallAction::nothing;
  call.invite_state = transition.to;
  return transition.actions[0];
}

bool Calls::Core::step_exchange(SessionDescriptions& session, ExchangeEvent event) {
  const auto& transition = call_exchange::machine.on(session.exchange, event);
  if (!transition.exists) return false;
  session.exchange = transition.to;
  for (const CallAction action : transition.actions)
    if (action == CallAction::roll_back) session.offer.reset();
  return true;
}

const LocalEndpoint& Calls::Core::endpoint(const Dialog& dialog) const {
  const std::size_t slot = dialog.listener();
  return settings_.endpoints[slot < settings_.endpoints.size() ? slot : 0];
}

std::string_view Calls::Core::contact(const Dialog& dialog) const {
  const LocalEndpoint& local = endpoint(dialog);
  return dialog.is_secure() && !local.secure_contact.empty() ? local.secure_contact : local.contact;
}

Duration Calls::Core::draw(Duration from, Duration to) {
  constexpr Duration step = std::chrono::milliseconds(10);
  Hasher hasher(draw_seed_);
  hasher.add(++drawn_);
  const auto steps = static_cast<std::uint64_t>((to - from) / step) + 1;
  return from + step * static_cast<std::int64_t>(hasher.finish_low() % steps);
}

CallError Calls::Core::as_call_error(SendError error) {
  switch (error) {
    case SendError::stale_transaction:
    case SendError::wrong_state: return CallError::wrong_state;
    case SendError::forbidden_status:
    case SendError::forbidden_timer: return CallError::wrong_status;
    case SendError::missing_header:
    case SendError::malformed_header: return CallError::unwritable;
    case SendError::too_large: return CallError::too_large;
    case SendError::overloaded_peer: return CallError::overloaded_peer;
    case SendError::no_transactions:
    case SendError::no_buffers:
    case SendError::outputs_full: break;
  }
  return CallError::no_room;
}

std::expected<Call*, CallError> Calls::Core::open(At at) {
  Call* const call = pool_.find(at);
  if (call == nullptr) return std::unexpected(CallError::stale_call);
  if (!has_room()) return std::unexpected(CallError::no_room);
  return call;
}

Ref<Buffer> Calls::Core::keep(const Moment& moment, std::string_view text) {
  return moment.engine.buffers().copy(text);
}

// The one place where a call ends, and its handle becomes stale.
void Calls::Core::finish(const Moment& moment, At at, CallEvent event, EndedBy by,
                         std::uint16_t status, const Message* message) {
  Call& call = pool_.at(at.slot);
  const Duration lasted = call.confirmed ? call.established.until(moment.now) : Duration{};
  enter(moment, at, CallState::terminated, event, status);
  ++counters_.ended[std::to_underlying(by)];
  if (call.confirmed) counters_.lifetimes.record(lasted);
  if (by == EndedBy::lost || by == EndedBy::expired) ++counters_.orphans;
  // A re-INVITE of ours whose final response may never come ends with the call.
  if (call.confirmed && awaits_response(call.invite_state)) {
    (void)moment.engine.cancel(moment.now, call.invite);
  }
  tell(Ended{at, call.attached, by, status, message, lasted});
  for (std::uint32_t which = 0; which < timers_of_a_call; ++which) {
    stop(at, static_cast<Which>(which));
  }
  drop_forks(call);
  kept_.release(moment, at.slot);
  // What is left of it in the engine comes back with a stale handle, and is nobody's.
  pool_.release(at);
}

// An INVITE transaction waits for a final response for ever, others end by themselves.
void Calls::Core::refuse_transaction(const Moment& moment, Handle<Transaction> transaction,
                                     const Response& response) {
  const auto sent = moment.engine.respond(moment.now, transaction, response);
  if (sent && response.status >= 300) ++counters_.turned_away;
  if (sent || as_call_error(sent.error()) != CallError::no_room) return;
  const Message* const request = moment.engine.request(transaction);
  if (request == nullptr || request->method() != Method::invite) return;
  if (!owed_.emplace(transaction)) return;
  owed_at_ = std::min(owed_at_, moment.now + settings_.timers.t1);
}

void Calls::Core::tell_established(At at, const Leg& leg) {
  const Call& call = pool_.at(at.slot);
  tell(Established{at, call.attached, view_of(leg.session.local), view_of(leg.session.remote)});
}

bool Calls::Core::add_abilities(const Call& call, const Dialog& dialog,
                                std::string_view description, DialogRequest& request) const {
  bool fits = request.add("Contact", contact(dialog)) && request.add("Allow", abilities_.allow()) &&
              request.add("Supported", abilities_.supported());
  fits = fits && add_timer_request(call, request);
  return fits && (description.empty() || request.add("Content-Type", "application/sdp"));
}

// What the far side can do, as far as a message says.
void Calls::Core::learn(Call& call, const Message& message) {
  if (message.first(HeaderId::allow)) {
    call.peer_takes_update = allowed_methods(message).has(Method::update);
  }
  const OptionTags required = option_tags(message, HeaderId::require);
  const OptionTags supported = option_tags(message, HeaderId::supported);
  const auto either = [&](OptionTag tag) { return required.has(tag) || supported.has(tag); };
  if (message.is_request()) {
    call.peer_needs_reliable = required.has(OptionTag::reliable_provisional);
    call.peer_takes_reliable = either(OptionTag::reliable_provisional);
    call.peer_takes_timer = either(OptionTag::timer);
  } else if (either(OptionTag::timer)) {
    call.peer_takes_timer = true;
  }
}

}  // namespace sipring
