// How calls end: CANCEL, BYE and their crossings (RFC 3261 sections 9.1, 15).
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/pools/detail/decimal.h>

namespace sipring {

Done Calls::Core::end(const Moment& moment, At at, std::span<const HeaderLine> lines) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  Call& call = **found;
  if (call.state >= CallState::terminating) return {};
  call.end_reason = EndedBy::local;
  if (call.confirmed) return send_bye(moment, at, lines), Done{};
  if (!call.is_caller)
    return send_failure(moment, at, {.status = 603, .headers = lines}, EndedBy::local);
  cancel(moment, at);
  return {};
}

Done Calls::Core::end_branch(const Moment& moment, At at, std::uint8_t branch,
                             std::span<const HeaderLine> lines) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  Call& call = **found;
  const bool rings = call.is_caller && !call.confirmed && call.state < CallState::terminating;
  std::uint32_t slot = rings ? call.first_fork : Fork::no_fork;
  while (slot != Fork::no_fork && forks_.at(slot).branch != branch) slot = forks_.at(slot).next;
  if (slot == Fork::no_fork) return std::unexpected(CallError::wrong_state);
  Dialog& dialog = forks_.at(slot).leg.dialog;
  if (dialog.state() == DialogState::ending) return {};
  if (!send_fork_bye(moment, at, dialog, lines)) return std::unexpected(CallError::no_room);
  if (call.asked == Asked::our_prack && call.asked_fork == slot) {
    call.asked = Asked::nothing;
    call.asked_fork = Fork::no_fork;
    stop(at, again);
  }
  return {};
}

// The engine holds it back until a provisional response has come, and ends the INVITE 64*T1 later.
void Calls::Core::cancel(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  if (!awaits_response(call.invite_state)) {  // redirected, and nobody rings
    return finish(moment, at, CallEvent::cancelled, call.end_reason, call.end_status);
  }
  step_invite(call, InviteEvent::cancel);
  stop(at, lifetime);
  call.asked = Asked::nothing;
  // The Sender goes to no other target then.
  const bool is_sought = moment.sender != nullptr && call.sending;
  if (!is_sought || !moment.sender->cancel(moment.now, call.sending))
    (void)moment.engine.cancel(moment.now, call.invite);
  enter(moment, at, CallState::terminating, CallEvent::cancelled);
}

// Whichever way there is out of the state, for a reason that is not the user's.
void Calls::Core::hang_up(const Moment& moment, At at, EndedBy by, std::uint16_t status,
                          const Message* message) {
  Call& call = pool_.at(at.slot);
  if (call.state >= CallState::terminating) return;
  call.end_reason = by;
  call.end_status = status;
  if (by == EndedBy::lost) note(moment, at, CallEvent::lost, status);
  if (call.confirmed) return send_bye(moment, at);
  if (call.is_caller) return cancel(moment, at);
  (void)send_failure(moment, at, {.status = 500}, by, message);
}

void Calls::Core::send_bye(const Moment& moment, At at, std::span<const HeaderLine> lines) {
  Call& call = pool_.at(at.slot);
  refuse_asked(moment, call);
  if (call.invite_state == InviteState::acknowledging) {
    step_invite(call, InviteEvent::acknowledge);
    send_ack(moment, at);
  }
  for (const Which which : {again, lifetime}) stop(at, which);
  call.wanted = Wanted::nothing;
  call.wanted_description.reset();
  // Not before the ACK has come or is given up (section 15).
  call.hang_up_wanted = call.invite_state == InviteState::answered;
  if (call.hang_up_wanted) return enter(moment, at, CallState::terminating, CallEvent::bye_sent);
  Dialog& dialog = call.leg.dialog;
  DialogRequest bye(dialog, "BYE", dialog.next_cseq());
  bye.add(lines);
  (void)authorize(bye, at, Kind::change);
  const Sent sent = send(moment, at, dialog, bye, word_of(at));
  call.owes_bye = !sent;
  if (sent) {
    call.change = *sent;
    call.update_sent = call.probing = false;
    dialog.step(DialogEvent::bye_sent);
  } else {
    arm(at, again, moment.now + settings_.timers.t1);
  }
  if (call.state != CallState::terminating) {
    enter(moment, at, CallState::terminating, CallEvent::bye_sent);
  }
}

// Section 15.1.2. Those of both sides may cross: then each gets its 200, and ours is waited for.
void Calls::Core::on_bye(const Moment& moment, At at, Leg& leg, const RequestReceived& bye) {
  Call& call = pool_.at(at.slot);
  (void)moment.engine.respond(moment.now, bye.transaction, {.status = 200});
  const bool crosses = leg.dialog.state() == DialogState::ending;
  leg.dialog.step(DialogEvent::bye_received);
  if (crosses || &leg != &call.leg) return;
  note(moment, at, CallEvent::bye_received);
  if (call.invite_state == InviteState::received && !call.confirmed) {
    return (void)send_failure(moment, at, {.status = 487}, EndedBy::remote, bye.message);
  }
  refuse_asked(moment, call);
  const bool was_ours = call.state == CallState::terminating;
  const EndedBy by = was_ours ? call.end_reason : EndedBy::remote;
  finish(moment, at, CallEvent::bye_received, by, call.end_status, bye.message);
}

void Calls::Core::end_all(const Moment& moment) {
  if (std::exchange(is_leaving_, true)) return;
  ends_more_at_ = moment.now;
  end_more(moment);
}

// As many as there is room for what they tell.
void Calls::Core::end_more(const Moment& moment) {
  while (has_room()) {
    const At at = pool_.next_live(last_ended_);
    if (!at) {
      ends_more_at_ = never;
      return;
    }
    leave(moment, at);
  }
}

// Whoever calls us may try another server (RFC 3261 section 21.5.4); nobody has declined.
void Calls::Core::leave(const Moment& moment, At at) {
  const Call& call = pool_.at(at.slot);
  const bool rings_here = !call.is_caller && !call.confirmed && !call.owes_failure &&
                          call.invite_state == InviteState::received;
  if (!rings_here) return (void)end(moment, at, {});
  const Decimal after(limits_.retry_after_seconds);
  const HeaderLine lines[] = {{"Retry-After", after.view()}};
  (void)send_failure(moment, at, {.status = 503, .headers = lines}, EndedBy::local);
}

}  // namespace sipring
