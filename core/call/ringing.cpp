// 101 to 199 to their INVITE, reliably where the far side can: RFC 3261 section 13.3.1.1, RFC 3262
// section 3.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/pools/detail/decimal.h>

#include <array>

namespace sipring {
namespace {

constexpr Duration provisional_every = std::chrono::minutes(1);
constexpr Duration reliable_provisional_every = std::chrono::seconds(150);  // RFC 3262 section 3

}  // namespace

Done Calls::Core::ring(const Moment& moment, At at, std::uint16_t status, const Content& content) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  Call& call = **found;
  if (call.confirmed || call.invite_state != InviteState::received) {
    return std::unexpected(CallError::wrong_state);
  }
  if (status < 101 || status > 199) return std::unexpected(CallError::wrong_status);
  const bool has_body = !content.body.empty();
  const bool reliable = call.peer_needs_reliable ||
                        (has_body && call.peer_takes_reliable && settings_.reliable_provisionals);
  SessionDescriptions& session = call.leg.session;
  if (has_body && session.exchange == Exchange::agreed) {
    return std::unexpected(CallError::wrong_state);  // a change now is offer()'s
  }
  // Only what goes reliably can be an offer (section 13.2.1).
  if (has_body && !reliable && session.exchange == Exchange::none) {
    return std::unexpected(CallError::wrong_state);
  }
  if (reliable && call.reliable == Reliable::waiting) {
    if (has_body) return std::unexpected(CallError::offer_pending);
    call.next_provisional = status;
    return {};
  }
  if (!reliable) {
    const Done sent = respond_provisional(moment, at, status, content.body, {});
    if (!sent) return sent;
    call.provisional = status;
    call.provisional_is_reliable = false;
    arm(at, repetition, moment.now + provisional_every);
    return enter(moment, at, CallState::ringing, CallEvent::provisional, status), Done{};
  }
  return ring_reliably(moment, at, status, content.body);
}

// The first RSeq is drawn, later ones are one higher.
Done Calls::Core::ring_reliably(const Moment& moment, At at, std::uint16_t status,
                                std::string_view description) {
  Call& call = pool_.at(at.slot);
  SessionDescriptions& session = call.leg.session;
  Ref<Buffer> kept;
  if (!description.empty()) {
    kept = keep(moment, description);
    if (!kept) return std::unexpected(CallError::no_room);
  }
  const std::uint32_t rseq = call.rseq != 0 ? call.rseq + 1 : identifiers_.first_cseq();
  const Done sent = respond_provisional(moment, at, status, description, Decimal(rseq).view());
  if (!sent) return sent;
  call.rseq = rseq;
  call.provisional = status;
  call.provisional_is_reliable = true;
  call.provisional_has_body = !description.empty();
  call.repeats = 0;
  step_reliable(call, ReliableEvent::sent);
  if (kept && session.exchange == Exchange::remote_offer) {
    session.remote = std::move(session.offer);
    session.local = std::move(kept);
    step_exchange(session, ExchangeEvent::answer_sent);
  } else if (kept) {
    session.offer = std::move(kept);
    step_exchange(session, ExchangeEvent::offer_sent);
  }
  (void)refresh_from_request(moment, call);
  arm(at, repetition, moment.now + settings_.timers.t1);
  enter(moment, at, CallState::ringing, CallEvent::provisional, status);
  return {};
}

Done Calls::Core::respond_provisional(const Moment& moment, At at, std::uint16_t status,
                                      std::string_view description, std::string_view rseq) {
  const Call& call = pool_.at(at.slot);
  const Dialog& dialog = call.leg.dialog;
  std::array<HeaderLine, 4> lines;
  std::size_t count = 0;
  lines[count++] = {"Contact", contact(dialog)};
  if (!rseq.empty()) {
    lines[count++] = {"Require", "100rel"};
    lines[count++] = {"RSeq", rseq};
  }
  if (!description.empty()) lines[count++] = {"Content-Type", "application/sdp"};
  const auto sent = moment.engine.respond(moment.now, call.invite,
                                          {.status = status,
                                           .to_tag = dialog.local_tag(),
                                           .headers = std::span(lines).first(count),
                                           .block = &abilities_.block(),
                                           .body = description});
  if (!sent) return std::unexpected(as_call_error(sent.error()));
  return {};
}

// A reliable one until its PRACK; another one so that proxies wait on.
void Calls::Core::repeat_provisional(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  if (call.invite_state != InviteState::received || call.confirmed) return;
  if (call.reliable == Reliable::waiting) {
    if (call.repeats == repeats_within_64_t1) {
      step_reliable(call, ReliableEvent::given_up);
      note(moment, at, CallEvent::unacknowledged);
      return (void)send_failure(moment, at, {.status = 504}, EndedBy::unacknowledged);
    }
    const SessionDescriptions& session = call.leg.session;
    const std::string_view description = !call.provisional_has_body ? std::string_view{}
                                         : session.exchange == Exchange::local_offer
                                             ? view_of(session.offer)
                                             : view_of(session.local);
    (void)respond_provisional(moment, at, call.provisional, description, Decimal(call.rseq).view());
    ++call.repeats;
    const bool last = call.repeats == repeats_within_64_t1;
    return arm(at, repetition, moment.now + settings_.timers.t1 * (last ? 1 : 1 << call.repeats));
  }
  if (call.provisional_is_reliable) return (void)ring_reliably(moment, at, call.provisional, {});
  (void)respond_provisional(moment, at, call.provisional, {}, {});
  arm(at, repetition, moment.now + provisional_every);
}

// What has waited for a PRACK, or for an answer within it.
void Calls::Core::go_on_answering(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  if (call.invite_state != InviteState::received || call.confirmed) return;
  if (call.provisional_is_reliable && call.reliable == Reliable::none) {
    arm(at, repetition, moment.now + reliable_provisional_every);
  }
  if (call.wanted == Wanted::accept) {
    if (call.reliable == Reliable::waiting || call.asked != Asked::nothing) return;
    const Ref<Buffer> description = std::exchange(call.wanted_description, {});
    call.wanted = Wanted::nothing;
    const Done accepted = accept(moment, at, {.body = view_of(description)});
    if (accepted || accepted.error() != CallError::no_room) return;
    call.wanted = Wanted::accept;
    call.wanted_description = description;
    return arm(at, again, moment.now + settings_.timers.t1);
  }
  if (const std::uint16_t status = std::exchange(call.next_provisional, std::uint16_t{0})) {
    (void)ring_reliably(moment, at, status, {});
  }
}

}  // namespace sipring
