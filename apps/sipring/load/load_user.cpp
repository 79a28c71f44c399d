// SPDX-License-Identifier: MIT
#include <load/load_user.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace sipring::app {
namespace {

constexpr std::size_t longest_uri = 512;  // Request-URIs of our own, and Contacts that are kept

Failure failure_of(Unsent unsent) {
  return unsent == Unsent::no_connection ? Failure::transport : Failure::no_room;
}

bool is_challenge(int status) {
  return status == 401 || status == 407;
}

}  // namespace

LoadUser::LoadUser(const LoadOptions& options, const Target& target, const SessionNames& names,
                   std::pmr::memory_resource& memory, LoadView& view)
    : options_(options),
      sender_(target.sender),
      requests_(target, names,
                options.account
                    ? &authorizer_.emplace(*options.account, options.entropy, longest_uri)
                    : nullptr),
      view_(view),
      sessions_(options.sessions, memory),
      holds_(options.sessions, memory) {}

LoadUser::~LoadUser() {
  tally_[Failure::unfinished] += std::exchange(tally_.outstanding, 0);
  publish();
}

Instant LoadUser::next_deadline() const {
  if (!has_started_) return Instant::min();
  const Instant arrival = arrivals_ ? std::max(arrivals_->next(), begins_at_) : never;
  return std::min({arrival, holds_.next_deadline(), published_at_ + publish_interval});
}

void LoadUser::advance(Engine& engine, Instant now) {
  if (!std::exchange(has_started_, true)) {
    if (options_.concurrency == 0) arrivals_.emplace(options_.arrivals, now);
    if (options_.arrivals.duration != Duration::max()) stops_at_ = now + options_.arrivals.duration;
  }
  while (const std::optional<std::uint32_t> slot = holds_.pop_due(now)) {
    go_on(engine, now, sessions_.handle_of(*slot));
  }
  begin_due(engine, now);
  begins_at_ = now + options_.gather;
  if (now < published_at_ + publish_interval) return;
  published_at_ = now;
  publish();
}

// What the engine has no outputs left for now is tried again in the next turn, which comes at once.
void LoadUser::begin_due(Engine& engine, Instant now) {
  while (arrivals_ && arrivals_->next() <= now) {
    if (!begin(engine, now, arrivals_->next())) return;
    arrivals_->pop();
  }
  while (tally_.outstanding < options_.concurrency && now < stops_at_) {
    if (!begin(engine, now, now)) return;
  }
}

// False when the engine's outputs must be taken first.
bool LoadUser::begin(Engine& engine, Instant now, Instant due) {
  const Handle<Session> handle = sessions_.acquire(Session{.due = due});
  Requests::Sent sent = std::unexpected(Unsent::no_room);
  if (Session* session = sessions_.find(handle)) {
    requests_.choose_way(*session);
    sent = send_first(engine, now, handle, *session);
    if (!sent) sessions_.release(handle);
  }
  if (!sent && sent.error() == Unsent::outputs_full) return false;
  ++tally_.started;
  if (now - due > options_.gather + late_after) ++tally_.late;
  sent ? ++tally_.outstanding : ++tally_[failure_of(sent.error())];
  return sent || options_.concurrency == 0;
}

Requests::Sent LoadUser::send_first(Engine& engine, Instant now, Handle<Session> handle,
                                    Session& session) {
  switch (options_.scenario) {
    case Scenario::options: return requests_.options(engine, now, handle, session);
    case Scenario::register_: return requests_.register_(engine, now, handle, session);
    case Scenario::call:
    case Scenario::hold: return requests_.invite(engine, now, handle, session);
  }
  return std::unexpected(Unsent::no_room);
}

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

// By a final response.
void LoadUser::refused(Instant now, Handle<Session> session, int status) {
  fail(now, session, is_challenge(status) ? Failure::unauthorized : Failure::refused);
}

void LoadUser::end(Instant now, Handle<Session> session) {
  requests_.leave_way(now, *sessions_.find(session));
  holds_.stop(session.slot);
  sessions_.release(session);
  --tally_.outstanding;
}

void LoadUser::fail(Instant now, Handle<Session> session, Failure failure) {
  ++tally_[failure];
  end(now, session);
}

void LoadUser::succeed(Instant now, Handle<Session> session) {
  ++tally_.succeeded;
  end(now, session);
}

void LoadUser::on_output(Engine& engine, Instant now, const Output& output) {
  if (const auto* response = std::get_if<ResponseReceived>(&output)) {
    on_response(engine, now, *response);
  } else if (const auto* request = std::get_if<RequestReceived>(&output)) {
    on_request(engine, now, *request);
  } else if (const auto* timed_out = std::get_if<TimedOut>(&output)) {
    const Handle<Session> session = session_of(timed_out->attached);
    if (sessions_.find(session) != nullptr) fail(now, session, Failure::timed_out);
  } else if (const auto* undelivered = std::get_if<TransportFailed>(&output)) {
    const Handle<Session> session = session_of(undelivered->attached);
    if (sessions_.find(session) != nullptr) fail(now, session, Failure::transport);
  }
  begin_due(engine, now);
}

void LoadUser::on_no_target(Engine&, Instant now, const Sender::Ended& ended) {
  constexpr std::uint16_t request_timeout = 408;
  const Handle<Session> session = session_of(ended.attached);
  if (sessions_.find(session) == nullptr) return;
  fail(now, session, ended.status == request_timeout ? Failure::timed_out : Failure::transport);
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
  const bool is_call = options_.scenario == Scenario::call || options_.scenario == Scenario::hold;
  if (!is_call) return succeed(now, handle);
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
  if (cseq != session.cseq) return (void)requests_.ack(engine, now, session, cseq);
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

// Requests of the far side: a BYE ends the call, a re-INVITE is answered with our media, other
// requests of the dialog with 200, all else with 481.
void LoadUser::on_request(Engine& engine, Instant now, const RequestReceived& request) {
  if (!request.transaction) return;  // an ACK
  const auto handle = requests_.session_of(request.envelope->call_id);
  Session* session = handle ? sessions_.find(*handle) : nullptr;
  if (session == nullptr) return (void)engine.respond(now, request.transaction, {.status = 481});
  const HeaderLine lines[] = {{"Contact", requests_.endpoint().contact},
                              {"Content-Type", "application/sdp"}};
  Response response{.status = 200};
  if (request.message->method() == Method::invite) {
    response.headers = lines;
    response.body = requests_.session_description();
  }
  (void)engine.respond(now, request.transaction, response);
  const bool is_talking =
      session->phase == Session::Phase::talking || session->phase == Session::Phase::changing;
  const bool hangs_up = request.message->method() == Method::bye && is_talking;
  if (hangs_up) succeed(now, *handle);
}

void LoadUser::publish() {
  if (sender_ != nullptr) tally_.failovers = sender_->counters().failovers;
  view_.tally.publish(tally_);
}

}  // namespace sipring::app
