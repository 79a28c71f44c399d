// Their INVITE: RFC 3261 sections 8.2, 9.2, 12.1.1, 13.3; RFC 3262 section 3.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/core/message/header/option_tag.h>
#include <sipring/core/message/header/values.h>
#include <sipring/pools/detail/decimal.h>

#include <array>

namespace sipring {
namespace {

Instant expiry_of(const Message& invite, Instant now) {
  const auto value = invite.first(HeaderId::expires);
  if (!value) return never;
  const auto seconds = parse_expires(*value);
  return seconds ? now + std::chrono::seconds(*seconds) : never;
}

}  // namespace

// What speaks against an INVITE before there is a call: extensions, content, its session timer.
bool Calls::Core::admit(const Moment& moment, const RequestReceived& invite, const ReadBody& body) {
  const Message& message = *invite.message;
  const auto refuse = [&](const Response& response) {
    refuse_transaction(moment, invite.transaction, response);
    return false;
  };
  if (!takes_extensions(moment, invite)) return false;
  // Whoever replaces a call has to be refused by who cannot: it would be a second one.
  for (const HeaderId id : {HeaderId::replaces, HeaderId::join}) {
    if (!message.first(id)) continue;
    const HeaderLine lines[] = {{"Unsupported", id == HeaderId::join ? "join" : "replaces"}};
    return refuse({.status = 420, .headers = lines});
  }
  if (body.refusal == 415) {
    const HeaderLine lines[] = {{body.encoded ? "Accept-Encoding" : "Accept",
                                 body.encoded ? "identity" : abilities_.accept()}};
    return refuse({.status = 415, .headers = lines});
  }
  if (body.refusal != 0) return refuse({.status = body.refusal, .reason = body.reason});
  if (is_too_brief(message)) {
    const Decimal least(settings_.min_se);
    const HeaderLine lines[] = {{"Min-SE", least.view()}};
    return refuse({.status = 422, .headers = lines});
  }
  return true;
}

void Calls::Core::on_invite(const Moment& moment, const RequestReceived& invite) {
  const Message& message = *invite.message;
  const ReadBody body = read(message);
  if (!admit(moment, invite, body)) return;
  const Decimal after(limits_.retry_after_seconds);
  const HeaderLine retry_after[] = {{"Retry-After", after.view()}};
  const Response full{.status = 503, .headers = retry_after};
  const At at = has_room() && !is_leaving_ ? pool_.acquire() : At{};
  if (!at) {
    if (!is_leaving_) ++counters_.refused_full;
    return refuse_transaction(moment, invite.transaction, full);
  }
  Call& call = pool_.at(at.slot);
  const DialogTag tag = tags_.make({invite.envelope->call_id, invite.envelope->from_tag, {}},
                                   word_of(at) | signs_far_tag);
  auto dialog = Dialog::from_request(
      moment.engine.buffers(), message, *invite.envelope, tag.view(),
      {invite.received->source, invite.received->flow, invite.received->listener});
  const DialogError problem = dialog ? DialogError{} : dialog.error();
  if (dialog) call.leg.dialog = std::move(*dialog);
  if (dialog && !take_offer(moment, call.leg, body.description))
    dialog = std::unexpected(DialogError::no_room);
  if (!dialog) {
    pool_.release(at);
    if (dialog.error() == DialogError::no_room)
      return refuse_transaction(moment, invite.transaction, full);
    const bool contact = problem == DialogError::missing_contact;
    return refuse_transaction(moment, invite.transaction,
                              {.status = 400,
                               .reason = contact ? "Missing Contact Header Field"
                                                 : "Malformed Record-Route Header Field"});
  }
  if (authentication_) authentication_->forget(at.slot);
  call.begun = LongBeginning(moment.now);
  call.min_se = settings_.min_se;
  call.invite = invite.transaction;
  call.invite_cseq = invite.envelope->cseq.number;
  learn(call, message);
  choose_timer(call, message);
  step_invite(call, InviteEvent::receive);
  moment.engine.attach(invite.transaction, word_of(at));
  if (const Instant expiry = expiry_of(message, moment.now); expiry != never) {
    arm(at, lifetime, expiry);
  }
  ++counters_.begun;
  note(moment, at, CallEvent::invite_received);
  tell(IncomingCall{at, &message, body.description});
}

Done Calls::Core::accept(const Moment& moment, At at, const Content& content) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  Call& call = **found;
  const bool is_open = !call.confirmed && call.invite_state == InviteState::received;
  if (!is_open || call.owes_failure || call.wanted == Wanted::accept) {
    return std::unexpected(CallError::wrong_state);
  }
  SessionDescriptions& session = call.leg.session;
  const bool described = call.reliable == Reliable::waiting && call.provisional_has_body;
  if (described || call.asked != Asked::nothing || session.exchange == Exchange::local_offer) {
    call.wanted = Wanted::accept;  // RFC 3262 section 5
    call.wanted_description.reset();
    return {};
  }
  const bool needs = session.exchange != Exchange::agreed;
  if (needs && content.body.empty()) return std::unexpected(CallError::missing_description);
  Ref<Buffer> kept;
  if (needs) {
    kept = keep(moment, content.body);
    if (!kept) return std::unexpected(CallError::no_room);
  }
  const Done sent =
      send_success(moment, at, needs ? content.body : std::string_view{}, content.headers);
  if (!sent) return sent;
  call.confirmed = true;
  call.leg.dialog.step(DialogEvent::success);
  begin_session(moment, at);
  describe_success(moment, at, std::move(kept));
  return {};
}

// What the 2xx has said: the answer to their offer, or an offer of ours.
void Calls::Core::describe_success(const Moment& moment, At at, Ref<Buffer> description) {
  Call& call = pool_.at(at.slot);
  SessionDescriptions& session = call.leg.session;
  if (description && session.exchange == Exchange::remote_offer) {
    session.remote = std::move(session.offer);
    session.local = std::move(description);
    step_exchange(session, ExchangeEvent::answer_sent);
  } else if (description) {
    session.offer = std::move(description);
    step_exchange(session, ExchangeEvent::offer_sent);
  }
  if (session.exchange != Exchange::agreed) return;
  note(moment, at, CallEvent::agreed);
  tell_established(at, call.leg);
}

// To the INVITE that is open, the first one or another.
Done Calls::Core::send_success(const Moment& moment, At at, std::string_view description,
                               std::span<const HeaderLine> more) {
  Call& call = pool_.at(at.slot);
  const Dialog& dialog = call.leg.dialog;
  if (!refresh_from_request(moment, call)) return std::unexpected(CallError::no_room);
  std::array<HeaderLine, 16> lines;
  std::size_t count = 0;
  lines[count++] = {"Contact", contact(dialog)};
  const TimerText timer = timer_answer(call);
  if (timer.size != 0) lines[count++] = {"Session-Expires", timer.view()};
  if (timer.require) lines[count++] = {"Require", "timer"};
  if (!description.empty()) lines[count++] = {"Content-Type", "application/sdp"};
  if (more.size() > lines.size() - count) return std::unexpected(CallError::too_large);
  for (const HeaderLine& line : more) lines[count++] = line;
  const auto sent = moment.engine.respond(moment.now, call.invite,
                                          {.status = 200,
                                           .to_tag = dialog.local_tag(),
                                           .headers = std::span(lines).first(count),
                                           .block = &abilities_.block(),
                                           .body = description});
  if (!sent) return std::unexpected(as_call_error(sent.error()));
  step_invite(call, InviteEvent::respond_2xx);
  ++counters_.accepted;
  call.repeats = 0;
  arm(at, repetition, moment.now + settings_.timers.t1);
  start_answered_timer(moment, at);
  return {};
}

// The target that the open INVITE names counts with its 2xx or reliable provisional (RFC 6141
// section 4.6).
bool Calls::Core::refresh_from_request(const Moment& moment, Call& call) {
  if (!call.confirmed) return true;  // the dialog has been made from it
  const Message* const request = moment.engine.request(call.invite);
  return request == nullptr || call.leg.dialog.refresh_target(moment.engine.buffers(), *request);
}

void Calls::Core::repeat_success(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  const auto repeated = moment.engine.repeat_response(moment.now, call.invite);
  if (!repeated && repeated.error() == SendError::stale_transaction) {
    return on_unacknowledged(moment, at);
  }
  if (call.repeats < repeats_within_64_t1) ++call.repeats;
  const Duration doubled = settings_.timers.t1 * (1 << call.repeats);
  arm(at, repetition, moment.now + std::min(doubled, settings_.timers.t2));
}

Done Calls::Core::reject(const Moment& moment, At at, const Response& response) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  const Call& call = **found;
  if (response.status < 300 || response.status > 699) {
    return std::unexpected(CallError::wrong_status);
  }
  if (call.confirmed || call.invite_state != InviteState::received || call.owes_failure) {
    return std::unexpected(CallError::wrong_state);
  }
  return send_failure(moment, at, response, EndedBy::local);
}

// Ends a call that has not been accepted. What cannot be sent now will be a 503.
Done Calls::Core::send_failure(const Moment& moment, At at, Response response, EndedBy by,
                               const Message* message) {
  Call& call = pool_.at(at.slot);
  response.to_tag = call.leg.dialog.local_tag();
  const auto sent = moment.engine.respond(moment.now, call.invite, response);
  if (!sent) {
    const CallError error = as_call_error(sent.error());
    if (error == CallError::unwritable || error == CallError::too_large) {
      return std::unexpected(error);
    }
    if (error == CallError::no_room) {
      call.owes_failure = true;
      call.end_reason = by;
      for (const Which which : {repetition, lifetime}) stop(at, which);
      arm(at, again, moment.now + settings_.timers.t1);
      enter(moment, at, CallState::terminating, CallEvent::failure, response.status);
      return {};
    }
  }
  step_invite(call, InviteEvent::respond_failure);
  refuse_asked(moment, call);
  finish(moment, at, CallEvent::failure, by, response.status, message);
  return {};
}

// Section 9.2: the engine has answered the CANCEL.
void Calls::Core::on_cancelled(const Moment& moment, At at, const Cancelled& cancelled) {
  Call& call = pool_.at(at.slot);
  if (cancelled.invite != call.invite || call.invite_state != InviteState::received) return;
  note(moment, at, CallEvent::cancelled);
  if (!call.confirmed) return (void)send_failure(moment, at, {.status = 487}, EndedBy::remote);
  (void)refuse(moment, at, 487, {});  // of a re-INVITE: the session goes on (RFC 6141 section 3.8)
}

}  // namespace sipring
