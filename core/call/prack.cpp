// PRACK, both ways: RFC 3262 sections 3 to 5.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/core/call/detail/reliable_machine.h>
#include <sipring/core/message/header/option_tag.h>
#include <sipring/core/message/header/rack.h>
#include <sipring/core/message/header/values.h>

namespace sipring {

CallAction Calls::Core::step_reliable(Call& call, ReliableEvent event) {
  const auto& transition = call_reliable::machine.on(call.reliable, event);
  if (!transition.exists) return CallAction::nothing;
  call.reliable = transition.to;
  return transition.actions[0];
}

// A provisional response of theirs in its dialog. One that comes before its turn is not
// acknowledged until those before it have come; one that comes again has its PRACK (section 4).
void Calls::Core::on_reliable(const Moment& moment, At at, Leg& leg,
                              const ResponseReceived& response, const ReadBody& body,
                              std::uint32_t fork) {
  const Message& message = *response.message;
  if (!option_tags(message, HeaderId::require).has(OptionTag::reliable_provisional)) return;
  const auto rseq = parse_rseq(message.first(HeaderId::rseq).value_or(""));
  if (!rseq || (leg.remote_rseq != 0 && *rseq != leg.remote_rseq + 1)) return;
  Call& call = pool_.at(at.slot);
  SessionDescriptions& session = leg.session;
  const bool is_over = call.state == CallState::terminating;
  const bool is_answer = session.exchange == Exchange::local_offer;
  const bool is_offer = call.awaits_offer && session.exchange != Exchange::remote_offer &&
                        (call.confirmed || session.exchange == Exchange::none) && !is_over;
  Ref<Buffer> kept;
  if (!body.description.empty() && (is_answer || is_offer)) {
    kept = keep(moment, body.description);
    if (!kept) return;  // no room: it comes again
  }
  if (kept && is_offer && call.asked == Asked::nothing) {
    leg.remote_rseq = *rseq;
    session.offer = std::move(kept);
    step_exchange(session, ExchangeEvent::offer_received);
    if (call.confirmed) call.awaits_offer = false;
    return ask(moment, at, Asked::our_prack, fork, session.offer->view());
  }
  const std::uint32_t before = std::exchange(leg.remote_rseq, *rseq);
  if (!send_prack(moment, at, leg, {})) {
    leg.remote_rseq = before;
    return;
  }
  if (!kept || !is_answer) return;
  // Should the re-INVITE fail none the less, they are both to go back (RFC 6141 section 3.4).
  if (call.confirmed && call.wanted == Wanted::nothing) {
    call.wanted_description = std::move(session.local);
    call.restores = true;
  }
  session.remote = std::move(kept);
  session.local = std::move(session.offer);
  step_exchange(session, ExchangeEvent::answer_received);
  note(moment, at, CallEvent::agreed);
  if (call.confirmed) tell_established(at, leg);
  send_wanted(moment, at);
}

Done Calls::Core::send_prack(const Moment& moment, At at, Leg& leg, std::string_view answer) {
  const Call& call = pool_.at(at.slot);
  Dialog& dialog = leg.dialog;
  DialogRequest prack(dialog, "PRACK", dialog.next_cseq());
  prack.add_rack(leg.remote_rseq, call.invite_cseq, "INVITE");
  if (!answer.empty()) prack.add("Content-Type", "application/sdp");
  (void)authorize(prack, at, Kind::other, answer);
  const Sent sent = send(moment, at, dialog, prack, word_of(at), answer);
  if (!sent) return std::unexpected(as_call_error(sent.error()));
  return {};
}

// The answer to the offer in a reliable provisional response.
Done Calls::Core::answer_our_prack(const Moment& moment, At at, std::string_view description) {
  Call& call = pool_.at(at.slot);
  Leg& leg = asked_leg(call);
  Ref<Buffer> kept = keep(moment, description);
  if (!kept) return std::unexpected(CallError::no_room);
  if (const Done sent = send_prack(moment, at, leg, description); !sent) return sent;
  SessionDescriptions& session = leg.session;
  session.remote = std::move(session.offer);
  session.local = std::move(kept);
  step_exchange(session, ExchangeEvent::answer_sent);
  if (&leg == &call.leg) call.awaits_offer = false;
  if (call.confirmed) tell_established(at, leg);
  return {};
}

// Theirs. Its body is the answer to our offer, or a new offer once there was an answer (section 5).
void Calls::Core::on_prack(const Moment& moment, At at, Leg& leg, const RequestReceived& prack) {
  Call& call = pool_.at(at.slot);
  const auto rack = parse_rack(prack.message->first(HeaderId::rack).value_or(""));
  const bool matches = rack && call.reliable == Reliable::waiting &&
                       rack->response_number == call.rseq &&
                       rack->cseq_number == call.invite_cseq && rack->method == Method::invite;
  if (!matches) return refuse_transaction(moment, prack.transaction, {.status = 481});
  const std::string_view description = read(*prack.message).description;
  SessionDescriptions& session = leg.session;
  const bool wants_answer = session.exchange == Exchange::local_offer && call.provisional_has_body;
  if (wants_answer && description.empty()) {
    return refuse_transaction(moment, prack.transaction,
                              {.status = 400, .reason = "Missing Answer"});
  }
  const bool is_offer = !wants_answer && !description.empty();
  if (is_offer) {
    const Verdict said = verdict(call.circumstances(), Method::prack, true);
    if (said != Verdict::serve) return refuse_verdict(moment, prack, said);
  }
  Ref<Buffer> kept = description.empty() ? Ref<Buffer>{} : keep(moment, description);
  if (!description.empty() && !kept) {
    return refuse_transaction(moment, prack.transaction, {.status = 503});
  }
  step_reliable(call, ReliableEvent::acknowledged);
  if (call.invite_state == InviteState::received) stop(at, repetition);  // not that of a 2xx
  if (is_offer) {
    session.offer = std::move(kept);
    step_exchange(session, ExchangeEvent::offer_received);
    call.asked_of = prack.transaction;
    return ask(moment, at, Asked::prack, fork_of(call, leg), session.offer->view());
  }
  if (wants_answer) {
    session.local = std::move(session.offer);
    session.remote = std::move(kept);
    step_exchange(session, ExchangeEvent::answer_received);
    note(moment, at, CallEvent::agreed);
  }
  (void)moment.engine.respond(moment.now, prack.transaction, {.status = 200});
  if (wants_answer && call.confirmed) tell_established(at, leg);
  go_on_answering(moment, at);
}

}  // namespace sipring
