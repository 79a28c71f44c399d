// What a LoadUser makes of responses, and how its sessions go on.
// SPDX-License-Identifier: MIT
#include <load/load_user.h>

#include <utility>

namespace sipring::app {

// A 401 or 407: once more with credentials and the next CSeq (RFC 3261 section 22.2). False: it is
// another response, or the last one.
bool LoadUser::try_again(Engine& engine, Instant now, Handle<Session> handle,
                         const Message& response) {
  if (!authorizer_ || !is_challenge(response.status())) return false;
  Session& session = *sessions_.find(handle);
  if (const auto taken = authorizer_->take(response, session.attempt); !taken) {
    ++tally_.unanswered[std::to_underlying(taken.error())];
    return false;
  }
  ++tally_.challenged;
  ++session.cseq;
  Requests::Sent sent;
  switch (session.phase) {
    case Session::Phase::ending: sent = requests_.bye(engine, now, handle, session); break;
    case Session::Phase::changing: sent = requests_.reinvite(engine, now, handle, session); break;
    default: sent = send_first(engine, now, handle, session); break;
  }
  if (!sent) fail(now, handle, failure_of(sent.error()));
  return true;
}

void LoadUser::on_response(Engine& engine, Instant now, const ResponseReceived& response) {
  const Handle<Session> handle = session_of(response.attached);
  Session* session = sessions_.find(handle);
  if (session == nullptr) return;  // the far side sends again what has been dealt with
  const Message& message = *response.message;
  const int status = message.status();
  if (status < 200) {
    const bool rings = (status == 180 || status == 183) && !std::exchange(session->has_rung, true);
    if (rings) tally_.ringing.record(now - session->due);
    return;
  }
  switch (session->phase) {
    case Session::Phase::requesting:
      session->peer = response.received->source;
      session->flow = response.received->flow;
      return on_answer(engine, now, handle, response);
    case Session::Phase::talking:  // the 2xx again: its ACK got lost (section 13.2.2.4)
      ++tally_.repeated;
      (void)requests_.ack(engine, now, *session, response.envelope->cseq.number);
      return;
    case Session::Phase::changing: return on_changed(engine, now, handle, response);
    case Session::Phase::ending:
      if (response.envelope->cseq.method != Method::bye) return;
      if (try_again(engine, now, handle, message)) return;
      tally_.bye.record(now - session->bye_sent);
      status < 300 ? succeed(now, handle) : refused(now, handle, status);
      return;
  }
}

void LoadUser::on_answer(Engine& engine, Instant now, Handle<Session> handle,
                         const ResponseReceived& response) {
  const Message& message = *response.message;
  if (try_again(engine, now, handle, message)) return;
  Session& session = *sessions_.find(handle);
  tally_.answer.record(now - session.due);
  ++tally_.statuses[static_cast<std::size_t>(message.status() / 100)];
  if (message.status() >= 300) return refused(now, handle, message.status());
  if (!is_call(options_.scenario)) return succeed(now, handle);
  auto dialog = Dialog::of_response(engine.buffers(), message, *response.envelope, {});
  if (!dialog) {
    const bool is_full = dialog.error() == DialogError::no_room;
    return fail(now, handle, is_full ? Failure::no_room : Failure::unusable);
  }
  session.dialog = std::move(*dialog);
  (void)requests_.ack(engine, now, session, session.cseq);
  talk(engine, now, handle);
}

// To a re-INVITE, or the 2xx of the INVITE before once more.
void LoadUser::on_changed(Engine& engine, Instant now, Handle<Session> handle,
                          const ResponseReceived& response) {
  Session& session = *sessions_.find(handle);
  const std::uint32_t cseq = response.envelope->cseq.number;
  if (cseq != session.cseq) {
    ++tally_.repeated;
    return (void)requests_.ack(engine, now, session, cseq);
  }
  if (try_again(engine, now, handle, *response.message)) return;
  const int status = response.message->status();
  if (status >= 300) return refused(now, handle, status);
  (void)session.dialog.refresh_target(engine.buffers(), *response.message);
  (void)requests_.ack(engine, now, session, cseq);
  ++session.changes;
  talk(engine, now, handle);
}

void LoadUser::talk(Engine& engine, Instant now, Handle<Session> handle) {
  sessions_.find(handle)->phase = Session::Phase::talking;
  if (options_.hold > Duration{}) return holds_.arm(handle.slot, now + options_.hold);
  go_on(engine, now, handle);
}

void LoadUser::go_on(Engine& engine, Instant now, Handle<Session> handle) {
  const bool changes = options_.scenario == Scenario::hold && sessions_.find(handle)->changes < 2;
  changes ? change(engine, now, handle) : hang_up(engine, now, handle);
}

void LoadUser::change(Engine& engine, Instant now, Handle<Session> handle) {
  Session& session = *sessions_.find(handle);
  const std::uint32_t cseq = session.cseq++;
  const DigestAttempt of_invite = std::exchange(session.attempt, {});
  if (requests_.reinvite(engine, now, handle, session)) {
    session.phase = Session::Phase::changing;
    return;
  }
  session.cseq = cseq;
  session.attempt = of_invite;
  holds_.arm(handle.slot, now + TimerWheel::granularity);
}

// What cannot be sent now for want of room is tried again a little later.
void LoadUser::hang_up(Engine& engine, Instant now, Handle<Session> handle) {
  Session& session = *sessions_.find(handle);
  const std::uint32_t cseq = session.cseq++;
  const DigestAttempt of_invite = std::exchange(session.attempt, {});
  if (const auto sent = requests_.bye(engine, now, handle, session); !sent) {
    session.cseq = cseq;
    session.attempt = of_invite;
    return holds_.arm(handle.slot, now + TimerWheel::granularity);
  }
  session.phase = Session::Phase::ending;
  session.bye_sent = now;
}

}  // namespace sipring::app
