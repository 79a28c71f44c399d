// The ACK of a 2xx, and what becomes of a 2xx without one: RFC 3261 sections 13.2.2.4, 13.3.1.4,
// 15.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>

namespace sipring {

// `answer`: to an offer in the 2xx. One that cannot go now is asked for again by the 2xx.
void Calls::Core::send_ack(const Moment& moment, At at, std::string_view answer) {
  Call& call = pool_.at(at.slot);
  call.acked_cseq = call.invite_cseq;
  call.ack_has_answer = !answer.empty();
  write_ack(moment, at, answer);
  note(moment, at, CallEvent::acknowledged);
}

void Calls::Core::acknowledge_again(const Moment& moment, At at) {
  const Call& call = pool_.at(at.slot);
  write_ack(moment, at, call.ack_has_answer ? view_of(call.leg.session.local) : std::string_view{});
}

void Calls::Core::write_ack(const Moment& moment, At at, std::string_view answer) {
  Call& call = pool_.at(at.slot);
  Dialog& dialog = call.leg.dialog;
  DialogRequest ack(dialog, "ACK", call.acked_cseq);
  if (!answer.empty()) ack.add("Content-Type", "application/sdp");
  if (authentication_) (void)authentication_->add_to_ack(ack, at.slot);
  send_ack(moment, at, dialog, ack, answer);
}

void Calls::Core::on_ack(const Moment& moment, const RequestReceived& ack) {
  const Envelope& envelope = *ack.envelope;
  const auto [at, far_tag_is_right] = named(envelope);
  Call* const call = find(at);
  if (call == nullptr || call->invite_state != InviteState::answered) return;
  if (!far_tag_is_right && !call->leg.dialog.is_from(envelope.from_tag)) return;
  if (envelope.cseq.number != call->invite_cseq) return;  // of another INVITE: it goes on
  const std::string_view description = read(*ack.message).description;
  SessionDescriptions& session = call->leg.session;
  const bool has_answer = session.exchange == Exchange::local_offer && !description.empty();
  Ref<Buffer> kept = has_answer ? keep(moment, description) : Ref<Buffer>{};
  if (has_answer && !kept) return;  // no room: the 2xx asks for it again
  step_invite(*call, InviteEvent::acknowledged);
  ++counters_.acknowledged;
  moment.engine.attach(call->invite, 0);  // no word of its end
  moment.engine.acknowledged(moment.now, call->invite);
  call->invite = {};
  stop(at, repetition);
  note(moment, at, CallEvent::acknowledged);
  if (has_answer) {
    session.local = std::move(session.offer);
    session.remote = std::move(kept);
    step_exchange(session, ExchangeEvent::answer_received);
    tell_established(at, call->leg);
  } else if (session.exchange == Exchange::local_offer) {
    // It never waits for ever (section 13.2.1): the session stays as it was, where there was one.
    const bool had_session = static_cast<bool>(session.local);
    step_exchange(session, had_session ? ExchangeEvent::refused : ExchangeEvent::abandoned);
    if (!had_session) return hang_up(moment, at, EndedBy::undescribed, 0);
  }
  if (call->hang_up_wanted) return send_bye(moment, at);
  send_wanted(moment, at);
}

// 64*T1 after the 2xx.
void Calls::Core::on_unacknowledged(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  step_invite(call, InviteEvent::unacknowledged);
  call.invite = {};
  stop(at, repetition);
  note(moment, at, CallEvent::unacknowledged);
  if (call.hang_up_wanted) return send_bye(moment, at);
  hang_up(moment, at, EndedBy::unacknowledged, 0);
}

}  // namespace sipring
