// SPDX-License-Identifier: MIT
#include <load/load_user.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace sipring::app {
namespace {

constexpr std::size_t longest_uri = 512;  // Request-URIs of our own, and Contacts that are kept

}  // namespace

Failure LoadUser::failure_of(Unsent unsent) {
  switch (unsent) {
    case Unsent::no_connection: return Failure::transport;
    case Unsent::unregistered: return Failure::unregistered;
    case Unsent::outputs_full:
    case Unsent::no_room: break;
  }
  return Failure::no_room;
}

LoadUser::LoadUser(const LoadOptions& options, const Target& target, const SessionNames& names,
                   std::pmr::memory_resource& memory, LoadView& view)
    : options_(options),
      sender_(target.sender),
      connections_(target.way.connections),
      requests_(target, names,
                options.account
                    ? &authorizer_.emplace(*options.account, options.entropy, longest_uri)
                    : nullptr),
      view_(view),
      sessions_(options.sessions, memory),
      holds_(options.sessions, memory) {
  if (has_phones(options.scenario)) add_phones(target.phones.count, memory);
  publish();
}

LoadUser::~LoadUser() {
  tally_[Failure::unfinished] += std::exchange(tally_.outstanding, 0);
  publish();
}

Instant LoadUser::next_deadline() const {
  if (!has_started_) return Instant::min();
  const Instant arrival = arrivals_ ? std::max(arrivals_->next(), begins_at_) : never;
  return std::min(
      {arrival, phones_deadline(), holds_.next_deadline(), published_at_ + publish_interval});
}

void LoadUser::advance(Engine& engine, Instant now) {
  has_started_ = true;
  if (registrations_) advance_phones(engine, now);
  if (!has_begun_ && (!registrations_ || registrations_->has_settled())) begin_sessions(now);
  while (const std::optional<std::uint32_t> slot = holds_.pop_due(now)) {
    go_on(engine, now, sessions_.handle_of(*slot));
  }
  begin_due(engine, now);
  begins_at_ = now + options_.gather;
  if (now < published_at_ + publish_interval) return;
  published_at_ = now;
  publish();
}

void LoadUser::begin_sessions(Instant now) {
  has_begun_ = true;
  publish();  // somebody waits for the phones
  if (options_.scenario == Scenario::called) return;
  if (options_.concurrency == 0) arrivals_.emplace(options_.arrivals, now);
  const Duration duration = options_.arrivals.duration;
  stops_at_ = duration == Duration::max() ? never : now + duration;
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
    sent = registrations_ && !choose_phones(*session) ? std::unexpected(Unsent::unregistered)
                                                      : send_first(engine, now, handle, *session);
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
    case Scenario::called: break;  // none begins here
    case Scenario::call:
    case Scenario::hold:
    case Scenario::registered: return requests_.invite(engine, now, handle, session);
  }
  return std::unexpected(Unsent::no_room);
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
  if (registrations_ && take_as_phone(engine, now, output)) {
    // of the called side, or of a registration
  } else if (const auto* response = std::get_if<ResponseReceived>(&output)) {
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
  if (registrations_ && registrations_->take(now, ended)) return;
  const Handle<Session> session = session_of(ended.attached);
  if (sessions_.find(session) == nullptr) return;
  fail(now, session, ended.status == request_timeout ? Failure::timed_out : Failure::transport);
}

// Requests of the far side: a BYE ends the call, a re-INVITE is answered with our media, other
// requests of the dialog with 200, OPTIONS to a phone too, all else with 481.
void LoadUser::on_request(Engine& engine, Instant now, const RequestReceived& request) {
  if (!request.transaction) return;  // an ACK
  const auto handle = requests_.session_of(request.envelope->call_id);
  Session* session = handle ? sessions_.find(*handle) : nullptr;
  if (session == nullptr) {
    const bool asks_phone = registrations_ && request.message->method() == Method::options &&
                            request.envelope->to_tag.empty();
    const std::uint16_t status = asks_phone ? 200 : 481;
    return (void)engine.respond(now, request.transaction, {.status = status});
  }
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
