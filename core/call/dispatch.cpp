// Where outputs of the engine and timers find their call.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/core/dialog/detail/effect.h>
#include <sipring/core/message/header/values.h>

namespace sipring {

Fate Calls::Core::handle(const Moment& moment, const Output& output) {
  if (const auto* request = std::get_if<RequestReceived>(&output)) {
    return on_request(moment, *request);
  }
  if (const auto* response = std::get_if<ResponseReceived>(&output)) {
    if (!is_ours(response->attached)) return Fate::passed;
    if (const At at = call_of(response->attached); find(at)) on_response(moment, at, *response);
    return Fate::mine;
  }
  if (const auto* cancelled = std::get_if<Cancelled>(&output)) {
    if (!is_ours(cancelled->attached)) return Fate::passed;
    if (const At at = call_of(cancelled->attached); find(at)) on_cancelled(moment, at, *cancelled);
    return Fate::mine;
  }
  if (const auto* end = std::get_if<TimedOut>(&output)) {
    if (!is_ours(end->attached)) return Fate::passed;
    const At at = call_of(end->attached);
    if (find(at)) on_lost(moment, at, end->transaction, end->kind, 408);
    return Fate::mine;
  }
  if (const auto* end = std::get_if<TransportFailed>(&output)) {
    if (!is_ours(end->attached)) return Fate::passed;
    const At at = call_of(end->attached);
    if (find(at)) on_lost(moment, at, end->transaction, end->kind, 503);
    return Fate::mine;
  }
  if (const auto* end = std::get_if<Terminated>(&output)) {
    if (!is_ours(end->attached)) return Fate::passed;
    if (const At at = call_of(end->attached); find(at)) on_terminated(moment, at, *end);
    return Fate::mine;
  }
  return Fate::passed;
}

// Outside of any dialog only an INVITE is for calls; what cannot be without a dialog has none.
Fate Calls::Core::on_request(const Moment& moment, const RequestReceived& request) {
  const Method method = request.message->method();
  if (method == Method::ack) {
    on_ack(moment, request);
    return Fate::mine;
  }
  if (!request.envelope->to_tag.empty()) {
    on_within(moment, request);
    return Fate::mine;
  }
  switch (method) {
    case Method::invite: on_invite(moment, request); return Fate::mine;
    case Method::bye:
    case Method::prack:
    case Method::update:
    case Method::info: refuse_transaction(moment, request.transaction, {.status = 481}); break;
    default: return Fate::passed;
  }
  return Fate::mine;
}

void Calls::Core::on_response(const Moment& moment, At at, const ResponseReceived& response) {
  Call& call = pool_.at(at.slot);
  const auto status = static_cast<std::uint16_t>(response.message->status());
  const Method method = response.envelope->cseq.method;
  if (method == Method::invite) return on_invite_response(moment, at, response);
  if (status < 200) return;
  if (method == Method::bye) {
    if (response.transaction != call.change) return;  // of a fork
    if (answers_challenge(response.message, at, Kind::change)) return send_bye(moment, at);
    return finish(moment, at, CallEvent::bye_sent, call.end_reason, call.end_status,
                  response.message);
  }
  if (call.state == CallState::terminating) return;
  if (response.transaction == call.change) return on_change_response(moment, at, response);
  const bool is_prack = method == Method::prack;
  (void)answers_challenge(response.message, at, Kind::other);  // for the next one
  if (!is_prack) tell(Replied{at, call.attached, status, response.message});
  if (effect_of(status, is_prack) == Effect::transaction) return;
  if (!call.leg.dialog.is_from(response.envelope->to_tag)) return;  // of another fork
  hang_up(moment, at, EndedBy::lost, status, response.message);
}

// No final response. A transport that fails says of the dialog no more than a 503 does; but a BYE
// has done what it could.
void Calls::Core::on_lost(const Moment& moment, At at, Handle<Transaction> transaction,
                          TransactionKind kind, std::uint16_t status) {
  Call& call = pool_.at(at.slot);
  if (kind == TransactionKind::invite_server || kind == TransactionKind::server) return;
  const bool is_invite = kind == TransactionKind::invite_client;
  const bool is_sought = call.sending && !call.confirmed;  // the Sender has hidden all but the last
  if (is_invite && (is_sought || transaction == call.invite)) {
    if (call.confirmed) return on_change_failure(moment, at, Kind::invite, status, nullptr);
    return on_unreached(moment, at, status);
  }
  if (is_invite) return;
  if (transaction == call.change) {
    if (call.state == CallState::terminating) {
      return finish(moment, at, CallEvent::bye_sent, call.end_reason, call.end_status);
    }
    return on_change_failure(moment, at, Kind::change, status, nullptr);
  }
  if (call.state == CallState::terminating) return;
  // Before the 2xx it is a PRACK: request() waits for an established call.
  if (call.confirmed) tell(Replied{at, call.attached, status, nullptr});
  if (effect_of(status, false) != Effect::transaction) hang_up(moment, at, EndedBy::lost, status);
}

// Of our first INVITE: no more forks. Of theirs: its 2xx has had 64*T1.
void Calls::Core::on_terminated(const Moment& moment, At at, const Terminated& terminated) {
  Call& call = pool_.at(at.slot);
  if (terminated.transaction == call.first_invite) {
    call.first_invite = {};
    if (call.confirmed) return drop_forks(call);
    if (awaits_response(call.invite_state)) on_unanswered(moment, at);
    return;
  }
  if (terminated.transaction != call.invite) return;
  if (call.invite_state == InviteState::answered) return on_unacknowledged(moment, at);
  if (terminated.reason == EndReason::no_room && call.invite_state == InviteState::received) {
    call.invite = {};  // the engine has answered it with 503
    step_invite(call, InviteEvent::respond_failure);
    if (!call.confirmed) finish(moment, at, CallEvent::failure, EndedBy::no_room, 503);
  }
}

// Of every 2xx that has come, none was taken: the user had ended its branch, or there was no room.
void Calls::Core::on_unanswered(const Moment& moment, At at) {
  const Call& call = pool_.at(at.slot);
  bool has_ended_one = call.state == CallState::terminating;
  for (std::uint32_t slot = call.first_fork; slot != Fork::no_fork; slot = forks_.at(slot).next)
    has_ended_one |= forks_.at(slot).leg.dialog.state() == DialogState::ending;
  finish(moment, at, CallEvent::failure, has_ended_one ? EndedBy::local : EndedBy::no_room);
}

void Calls::Core::advance(const Moment& moment) {
  if (owed_at_ <= moment.now) pay_owed(moment);
  while (has_room()) {
    const auto id = wheel_.pop_due(moment.now);
    if (!id) break;
    on_due(moment, pool_.handle_of(*id / timers_of_a_call),
           static_cast<Which>(*id % timers_of_a_call));
  }
  if (ends_more_at_ <= moment.now) end_more(moment);
}

void Calls::Core::pay_owed(const Moment& moment) {
  owed_at_ = never;
  for (std::uint32_t count = owed_.size(); count > 0; --count) {
    refuse_transaction(moment, owed_.pop(), {.status = 503});
  }
}

void Calls::Core::on_due(const Moment& moment, At at, Which which) {
  switch (which) {
    case repetition: {
      const Call& call = pool_.at(at.slot);
      if (call.invite_state == InviteState::answered) return repeat_success(moment, at);
      return repeat_provisional(moment, at);
    }
    case again: return on_again(moment, at);
    case lifetime:
      return pool_.at(at.slot).confirmed ? on_session_due(moment, at) : on_patience(moment, at);
    case timers_of_a_call: break;
  }
}

void Calls::Core::on_patience(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  if (call.is_caller) return (void)end(moment, at, {});
  if (call.invite_state == InviteState::received) {  // section 13.3.1
    (void)send_failure(moment, at, {.status = 487}, EndedBy::timed_out);
  }
}

void Calls::Core::on_again(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  if (call.asked != Asked::nothing) return (void)refuse(moment, at, 488, {});
  if (call.owes_bye) return send_bye(moment, at);
  if (call.owes_failure) {
    (void)send_failure(moment, at, {.status = 503}, call.end_reason);
    return;
  }
  send_wanted(moment, at);
}

}  // namespace sipring
