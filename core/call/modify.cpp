// Changes of a session that we offer, by re-INVITE or UPDATE: RFC 3261 section 14, RFC
// 3311, RFC 6141, RFC 3264 section 8.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/core/dialog/detail/effect.h>
#include <sipring/core/message/header/retry_after.h>

namespace sipring {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Section 14.1: who has made the Call-ID waits longer, so that both do not meet again.
constexpr Duration owner_waits_from = milliseconds(2'100), owner_waits_to = seconds(4);
constexpr Duration other_waits_to = seconds(2);
constexpr Duration refresh_again_after = seconds(10);
constexpr std::uint32_t longest_retry_after = 120;  // seconds; beyond it the offer has failed

}  // namespace

Done Calls::Core::offer(const Moment& moment, At at, std::string_view description) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  Call& call = **found;
  if (description.empty()) return std::unexpected(CallError::missing_description);
  if (call.state >= CallState::terminating) return std::unexpected(CallError::wrong_state);
  const bool ours_is_open = call.wanted == Wanted::offer || call.wanted == Wanted::no_offer ||
                            call.wanted == Wanted::accept ||
                            (call.confirmed && call.leg.session.exchange == Exchange::local_offer);
  if (ours_is_open) return std::unexpected(CallError::offer_pending);
  Ref<Buffer> kept = keep(moment, description);
  if (!kept) return std::unexpected(CallError::no_room);
  call.wanted = Wanted::offer;
  call.wanted_description = std::move(kept);
  call.restores = false;
  send_wanted(moment, at);
  return {};
}

Done Calls::Core::ask_for_offer(const Moment& moment, At at) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  Call& call = **found;
  if (call.state >= CallState::terminating) return std::unexpected(CallError::wrong_state);
  if (call.wanted > Wanted::nothing && call.wanted != Wanted::refresh) {
    return std::unexpected(CallError::offer_pending);
  }
  call.wanted = Wanted::no_offer;
  send_wanted(moment, at);
  return {};
}

// What is wanted goes as soon as it can: asked each time when something has come to its end.
void Calls::Core::send_wanted(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  if (call.wanted == Wanted::accept) return go_on_answering(moment, at);
  if (call.wanted == Wanted::nothing || call.state >= CallState::terminating) return;
  if (wheel_.armed(at.slot * timers_of_a_call + again)) return;
  const Wanted wanted = call.wanted;
  Circumstances at_present = call.circumstances();
  if (const Leg* const early = early_leg(call)) at_present.exchange = early->session.exchange;
  const Way way = way_of_offer(at_present, call.confirmed, call.peer_takes_update);
  const bool may_invite = way == Way::invite;
  const Ref<Buffer> description = wanted == Wanted::offer ? call.wanted_description : Ref<Buffer>{};
  Done sent{};
  if (wanted == Wanted::refresh && call.peer_takes_update && !call.update_sent && call.confirmed) {
    sent = send_update(moment, at, {});
  } else if (wanted == Wanted::refresh && may_invite) {
    sent = send_reinvite(moment, at, call.leg.session.local);
  } else if (wanted != Wanted::refresh && may_invite) {
    sent = send_reinvite(moment, at, description);
  } else if (wanted == Wanted::offer && way == Way::update) {
    sent = send_update(moment, at, description);
  } else {
    return;
  }
  if (!sent) return send_later(moment, at, settings_.timers.t1);
  call.refreshing = wanted == Wanted::refresh;
  call.wanted = Wanted::nothing;
  call.wanted_description.reset();
}

// While the user owes an answer the timer is that one's: what is wanted goes after it.
void Calls::Core::send_later(const Moment& moment, At at, Duration delay) {
  if (pool_.at(at.slot).asked != Asked::nothing) return;
  arm(at, again, moment.now + delay);
}

// A re-INVITE or an UPDATE; null: without a description.
Calls::Core::Sent Calls::Core::send_change(const Moment& moment, At at, Leg& leg, Kind kind,
                                           Ref<Buffer> description) {
  const Call& call = pool_.at(at.slot);
  Dialog& dialog = leg.dialog;
  const std::string_view offer = view_of(description);
  DialogRequest request(dialog, kind == Kind::invite ? "INVITE" : "UPDATE", dialog.next_cseq());
  const bool fits =
      add_abilities(call, dialog, offer, request) && authorize(request, at, kind, offer);
  if (!fits) return std::unexpected(SendError::too_large);
  const Sent sent = send(moment, at, dialog, request, word_of(at), offer);
  if (!sent) return sent;
  if (description) {
    leg.session.offer = std::move(description);
    step_exchange(leg.session, ExchangeEvent::offer_sent);
  }
  note(moment, at, CallEvent::offered);
  return sent;
}

Done Calls::Core::send_reinvite(const Moment& moment, At at, Ref<Buffer> description) {
  Call& call = pool_.at(at.slot);
  const bool has_offer = static_cast<bool>(description);
  const Sent sent = send_change(moment, at, call.leg, Kind::invite, std::move(description));
  if (!sent) return std::unexpected(as_call_error(sent.error()));
  call.invite = *sent;
  call.invite_cseq = call.leg.dialog.local_cseq();
  call.leg.remote_rseq = 0;  // numbers are those of one INVITE
  call.awaits_offer = !has_offer;
  step_invite(call, InviteEvent::send);
  return {};
}

Done Calls::Core::send_update(const Moment& moment, At at, Ref<Buffer> description) {
  Call& call = pool_.at(at.slot);
  Leg* const early = early_leg(call);
  const Sent sent =
      send_change(moment, at, early ? *early : call.leg, Kind::change, std::move(description));
  if (!sent) return std::unexpected(as_call_error(sent.error()));
  call.change = *sent;
  call.update_sent = true;
  return {};
}

// Of an UPDATE or a probe.
void Calls::Core::on_change_response(const Moment& moment, At at,
                                     const ResponseReceived& response) {
  Call& call = pool_.at(at.slot);
  const auto status = static_cast<std::uint16_t>(response.message->status());
  if (call.probing) {
    call.probing = false;
    call.change = {};
    if (effect_of(status, false) != Effect::transaction) {
      return hang_up(moment, at, EndedBy::lost, status, response.message);
    }
    return plan_probe(moment, at);
  }
  if (status >= 300) return on_change_failure(moment, at, Kind::change, status, response.message);
  Leg* const leg = leg_of(call, response.envelope->to_tag);
  if (leg == nullptr) return;
  const std::string_view description = read(*response.message).description;
  SessionDescriptions& session = leg->session;
  const bool wants_answer = session.exchange == Exchange::local_offer;
  Ref<Buffer> kept =
      wants_answer && !description.empty() ? keep(moment, description) : Ref<Buffer>{};
  call.change = {};
  call.update_sent = false;
  (void)leg->dialog.refresh_target(moment.engine.buffers(), *response.message);
  learn(call, *response.message);
  learn_timer(moment, at, *response.message);
  call.refreshing = false;
  if (wants_answer && !kept)
    return hang_up(moment, at, EndedBy::undescribed, status, response.message);
  if (wants_answer) {
    session.local = std::move(session.offer);
    session.remote = std::move(kept);
    step_exchange(session, ExchangeEvent::answer_received);
    note(moment, at, CallEvent::agreed);
    if (call.confirmed) tell_established(at, *leg);
  }
  send_wanted(moment, at);
}

// Of a re-INVITE or UPDATE. The session is as if it had never been sent (section 14.1); what has
// met the other side's is sent again, unless the user wants something else by now.
void Calls::Core::on_change_failure(const Moment& moment, At at, Kind kind, std::uint16_t status,
                                    const Message* response) {
  Call& call = pool_.at(at.slot);
  const bool is_change = kind == Kind::change;
  const bool was_update = is_change && call.update_sent;
  Leg* leg = &call.leg;
  if (was_update && call.is_caller && !call.confirmed && response != nullptr) {
    leg = leg_of(call, tag_of(response->first(HeaderId::to).value_or("")));
    if (leg == nullptr) leg = &call.leg;
  }
  const bool was_probe = is_change && call.probing;
  if (was_update || was_probe) {
    call.change = {};
    call.update_sent = call.probing = false;
  } else {
    step_invite(call, InviteEvent::failure);
    call.invite = {};
  }
  Wanted again_wanted = call.refreshing ? Wanted::refresh : Wanted::no_offer;
  Ref<Buffer> offered;
  if (leg->session.exchange == Exchange::local_offer) {
    offered = leg->session.offer;
    step_exchange(leg->session, ExchangeEvent::refused);
    if (!call.refreshing) again_wanted = Wanted::offer;
  }
  call.awaits_offer = call.awaits_offer && !call.confirmed;
  const bool was_refresh = call.refreshing;
  call.refreshing = false;
  note(moment, at, CallEvent::refused, status);
  if (call.state >= CallState::terminating) return;
  if (effect_of(status, true) != Effect::transaction) {
    return hang_up(moment, at, EndedBy::lost, status, response);
  }
  if (was_probe) return plan_probe(moment, at);
  if (!was_update && call.restores) {
    call.restores = false;
    call.wanted = Wanted::offer;
    tell(OfferFailed{at, call.attached, status, response});
    return send_wanted(moment, at);
  }
  const bool challenged = answers_challenge(response, at, was_update ? Kind::change : Kind::invite);
  const std::optional<Duration> delay =
      challenged ? Duration{} : delay_of(call, status, response, was_refresh);
  if (delay && call.wanted == Wanted::nothing) {
    call.wanted = again_wanted;
    call.wanted_description = std::move(offered);
    return send_later(moment, at, *delay);
  }
  if (!was_refresh) tell(OfferFailed{at, call.attached, status, response});
  send_wanted(moment, at);
}

// How long until it may be tried again; nullopt: not at all.
std::optional<Duration> Calls::Core::delay_of(const Call& call, std::uint16_t status,
                                              const Message* response, bool refresh) {
  if (status == 491) {
    return call.is_caller ? draw(owner_waits_from, owner_waits_to) : draw({}, other_waits_to);
  }
  if (response != nullptr && (status == 500 || status == 503)) {
    const auto after = parse_retry_after(response->first(HeaderId::retry_after).value_or(""));
    if (after && after->seconds <= longest_retry_after) return seconds(after->seconds);
  }
  return refresh ? std::optional(refresh_again_after) : std::nullopt;
}

}  // namespace sipring
