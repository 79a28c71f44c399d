// Changes of a session that the far side offers, by re-INVITE, UPDATE or PRACK, and the answers of
// our user: RFC 3261 section 14.2, RFC 3311 section 5.2, RFC 6141.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/pools/detail/decimal.h>

#include <array>

namespace sipring {
namespace {

using std::chrono::seconds;

constexpr Duration retry_after_to = seconds(10);  // section 14.2

}  // namespace

void Calls::Core::refuse_verdict(const Moment& moment, const RequestReceived& request,
                                 Verdict verdict) {
  if (verdict == Verdict::glare)
    return refuse_transaction(moment, request.transaction, {.status = 491});
  const Decimal after(static_cast<std::uint32_t>(draw({}, retry_after_to) / seconds(1)));
  const HeaderLine lines[] = {{"Retry-After", after.view()}};
  refuse_transaction(moment, request.transaction, {.status = 500, .headers = lines});
}

// False: no room. Nothing was offered where there is no description.
bool Calls::Core::take_offer(const Moment& moment, Leg& leg, std::string_view offer) {
  if (offer.empty()) return true;
  Ref<Buffer> kept = keep(moment, offer);
  if (!kept) return false;
  leg.session.offer = std::move(kept);
  return step_exchange(leg.session, ExchangeEvent::offer_received);
}

// The user has so long for it.
void Calls::Core::ask(const Moment& moment, At at, Asked asked, std::uint32_t fork,
                      std::string_view offer) {
  Call& call = pool_.at(at.slot);
  call.asked = asked;
  call.asked_fork = fork;
  const Instant until = moment.now + settings_.answer_within;
  arm(at, again, until);
  note(moment, at, CallEvent::offered);
  tell(Offered{at, call.attached, offer, until});
}

void Calls::Core::on_reinvite(const Moment& moment, At at, const RequestReceived& invite) {
  Call& call = pool_.at(at.slot);
  const Message& message = *invite.message;
  const ReadBody body = read(message);
  const Verdict said = verdict(call.circumstances(), Method::invite, !body.description.empty());
  if (said != Verdict::serve) return refuse_verdict(moment, invite, said);
  if (!admit(moment, invite, body)) return;
  if (!take_offer(moment, call.leg, body.description)) {
    return refuse_transaction(moment, invite.transaction, {.status = 503});
  }
  if (call.invite) moment.engine.attach(call.invite,
                                        0);  // its ACK is lost, and is not waited for
  stop(at, repetition);
  step_invite(call, InviteEvent::receive);
  call.invite = invite.transaction;
  call.invite_cseq = invite.envelope->cseq.number;
  moment.engine.attach(invite.transaction, word_of(at));
  learn(call, message);
  choose_timer(call, message);
  ask(moment, at, Asked::invite, Fork::no_fork, body.description);
}

void Calls::Core::on_update(const Moment& moment, At at, Leg& leg, const RequestReceived& update) {
  Call& call = pool_.at(at.slot);
  const Message& message = *update.message;
  const ReadBody body = read(message);
  Circumstances circumstances = call.circumstances();
  circumstances.exchange = leg.session.exchange;
  const bool has_offer = !body.description.empty();
  Verdict said = verdict(circumstances, Method::update, has_offer);
  if (said == Verdict::serve && has_offer && call.asked != Asked::nothing) said = Verdict::later;
  if (said != Verdict::serve) return refuse_verdict(moment, update, said);
  if (!admit(moment, update, body)) return;
  if (!take_offer(moment, leg, body.description)) {
    return refuse_transaction(moment, update.transaction, {.status = 503});
  }
  learn(call, message);
  choose_timer(call, message);
  if (has_offer) {
    call.asked_of = update.transaction;
    return ask(moment, at, Asked::update, fork_of(call, leg), body.description);
  }
  if (!leg.dialog.refresh_target(moment.engine.buffers(), message)) {
    return refuse_transaction(moment, update.transaction, {.status = 503});
  }
  if (respond_with(moment, update.transaction, call, leg, {})) start_answered_timer(moment, at);
}

// 200 to an UPDATE or PRACK.
Done Calls::Core::respond_with(const Moment& moment, Handle<Transaction> transaction,
                               const Call& call, const Leg& leg, std::string_view description) {
  const bool is_update = call.asked != Asked::prack;
  std::array<HeaderLine, 4> lines;
  std::size_t count = 0;
  lines[count++] = {"Contact", contact(leg.dialog)};
  const TimerText timer = is_update ? timer_answer(call) : TimerText{};
  if (timer.size != 0) lines[count++] = {"Session-Expires", timer.view()};
  if (timer.require) lines[count++] = {"Require", "timer"};
  if (!description.empty()) lines[count++] = {"Content-Type", "application/sdp"};
  const auto sent = moment.engine.respond(moment.now, transaction,
                                          {.status = 200,
                                           .headers = std::span(lines).first(count),
                                           .block = &abilities_.block(),
                                           .body = description});
  if (!sent) return std::unexpected(as_call_error(sent.error()));
  return {};
}

std::string_view Calls::Core::offered(At at) {
  Call* const call = find(at);
  if (call == nullptr) return {};
  const SessionDescriptions& session = asked_leg(*call).session;
  return session.exchange == Exchange::remote_offer ? view_of(session.offer) : std::string_view{};
}

Done Calls::Core::answer(const Moment& moment, At at, std::string_view description) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  Call& call = **found;
  if (call.asked == Asked::nothing || call.asked == Asked::redirection)
    return std::unexpected(CallError::wrong_state);
  if (description.empty()) return std::unexpected(CallError::missing_description);
  Done done;
  switch (call.asked) {
    case Asked::ack: done = answer_ack(moment, at, description); break;
    case Asked::our_prack: done = answer_our_prack(moment, at, description); break;
    default: done = answer_request(moment, at, description); break;
  }
  if (!done) return done;
  call.asked = Asked::nothing;
  call.asked_of = {};
  call.asked_fork = Fork::no_fork;
  stop(at, again);
  send_wanted(moment, at);
  if (!call.confirmed) go_on_answering(moment, at);
  return {};
}

// The ACK of a 2xx that has an offer.
Done Calls::Core::answer_ack(const Moment& moment, At at, std::string_view description) {
  Call& call = pool_.at(at.slot);
  SessionDescriptions& session = call.leg.session;
  Ref<Buffer> kept = keep(moment, description);
  if (!kept) return std::unexpected(CallError::no_room);
  session.remote = std::move(session.offer);
  session.local = std::move(kept);
  step_exchange(session, ExchangeEvent::answer_sent);
  step_invite(call, InviteEvent::acknowledge);
  send_ack(moment, at, description);
  tell_established(at, call.leg);
  return {};
}

// A re-INVITE, an UPDATE or a PRACK of theirs.
Done Calls::Core::answer_request(const Moment& moment, At at, std::string_view description) {
  Call& call = pool_.at(at.slot);
  Leg& leg = asked_leg(call);
  Ref<Buffer> kept = keep(moment, description);
  if (!kept) return std::unexpected(CallError::no_room);
  if (call.asked == Asked::invite) {
    if (const Done sent = send_success(moment, at, description, {}); !sent) return sent;
    return describe_success(moment, at, std::move(kept)), Done{};
  }
  if (call.asked == Asked::update) {
    const Message* const update = moment.engine.request(call.asked_of);
    const bool fits =
        update == nullptr || leg.dialog.refresh_target(moment.engine.buffers(), *update);
    if (!fits) return std::unexpected(CallError::no_room);
  }
  if (const Done sent = respond_with(moment, call.asked_of, call, leg, description); !sent) {
    return sent;
  }
  if (call.asked == Asked::update) start_answered_timer(moment, at);
  leg.session.remote = std::move(leg.session.offer);
  leg.session.local = std::move(kept);
  step_exchange(leg.session, ExchangeEvent::answer_sent);
  note(moment, at, CallEvent::agreed);
  if (call.confirmed) tell_established(at, leg);
  return {};
}

Done Calls::Core::refuse(const Moment& moment, At at, std::uint16_t status,
                         std::span<const HeaderLine> lines) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  Call& call = **found;
  if (call.asked == Asked::nothing) return std::unexpected(CallError::wrong_state);
  if (status < 300 || status > 699) return std::unexpected(CallError::wrong_status);
  if (call.asked == Asked::redirection) return skip(moment, at), Done{};
  if (call.asked == Asked::ack) {  // there is no other way to refuse it (section 13.2.2.4)
    call.asked = Asked::nothing;
    step_exchange(call.leg.session, ExchangeEvent::refused);
    step_invite(call, InviteEvent::acknowledge);
    send_ack(moment, at);
    hang_up(moment, at, EndedBy::undescribed, 200);
    return {};
  }
  if (call.asked == Asked::our_prack) {
    call.asked = Asked::nothing;
    hang_up(moment, at, EndedBy::undescribed, 0);
    return {};
  }
  const bool is_invite = call.asked == Asked::invite;
  const auto sent = moment.engine.respond(moment.now, is_invite ? call.invite : call.asked_of,
                                          {.status = status, .headers = lines});
  if (!sent) {
    const CallError error = as_call_error(sent.error());
    if (error != CallError::wrong_state && !is_invite) return std::unexpected(error);
    if (error == CallError::no_room) refuse_transaction(moment, call.invite, {.status = 503});
  }
  forget_asked(moment, at);
  send_wanted(moment, at);
  if (!call.confirmed) go_on_answering(moment, at);
  return {};
}

// It has its final response: the session is as before.
void Calls::Core::forget_asked(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  SessionDescriptions& session = asked_leg(call).session;
  if (session.exchange == Exchange::remote_offer) step_exchange(session, ExchangeEvent::refused);
  if (call.asked == Asked::invite) {
    moment.engine.attach(call.invite, 0);
    step_invite(call, InviteEvent::respond_failure);
    call.invite = {};
  }
  call.asked = Asked::nothing;
  call.asked_of = {};
  call.asked_fork = Fork::no_fork;
  stop(at, again);
  note(moment, at, CallEvent::refused);
}

// The call ends while a request of theirs waits for our answer.
void Calls::Core::refuse_asked(const Moment& moment, Call& call) {
  const Asked asked = std::exchange(call.asked, Asked::nothing);
  if (asked == Asked::update || asked == Asked::prack) {
    (void)moment.engine.respond(moment.now, call.asked_of, {.status = 487});
  } else if (asked == Asked::invite) {
    moment.engine.attach(call.invite, 0);
    refuse_transaction(moment, call.invite, {.status = 487});
    step_invite(call, InviteEvent::respond_failure);
    call.invite = {};
  }
  call.asked_of = {};
}

}  // namespace sipring
