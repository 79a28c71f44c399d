// SPDX-License-Identifier: MIT
#include "tests/simulation/peer.h"

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>

#include <algorithm>
#include <array>
#include <optional>

#include "tests/simulation/broken.h"
#include "tests/simulation/next_hop.h"

namespace sipring::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration longest_ringing = seconds(100);  // then the caller cancels

}  // namespace

Peer::Peer(std::size_t number, const Weights& weights, const Directory& directory, Random& random,
           Network& network, const Canary& canary)
    : number_(number),
      weights_(weights),
      directory_(directory),
      random_(random),
      site_(directory[number], weights, random, network, canary, *this),
      contact_("<sip:peer@" + std::string(to_text(directory[number]).view()) + ">"),
      block_(std::array{HeaderLine{"Contact", contact_}, HeaderLine{"Supported", ""}}),
      body_(20'000, 'b') {}

std::string Peer::new_call_id() {
  return std::to_string(++calls_) + "@peer" + std::to_string(number_);
}

NetworkAddress Peer::draw_target() {
  if (random_.chance(weights_.via_proxy))
    if (const auto proxy = directory_.draw_proxy(random_, number_)) return directory_[*proxy];
  return directory_[directory_.draw_answerer(random_, number_)];
}

void Peer::begin(Instant now) {
  const std::string call_id = new_call_id();
  WatchedEngine& engine = site_.home_of(call_id);  // responses will come there
  if (random_.chance(weights_.mischief)) engine.misbehave(now);
  const bool invite = random_.chance(weights_.invite);
  const std::string method =
      invite ? "INVITE" : random_.pick({"OPTIONS", "MESSAGE", "REGISTER", "BYE", "X-Odd"});
  const std::string from =
      "<sip:" + std::to_string(number_) + "@example.com>;tag=f" + std::to_string(calls_);
  const std::string cseq = std::to_string(calls_) + " " + method;
  const HeaderLine headers[] = {{"From", from},
                                {"To", "Bob <sip:bob@example.com>"},
                                {"Call-ID", call_id},
                                {"CSeq", cseq},
                                {"Contact", contact_}};
  const std::size_t size = random_.chance(50) ? random_.below(20'000) : random_.below(300);
  const Request request{.method = method,
                        .request_uri = "sip:bob@example.com",
                        .headers = headers,
                        .body = std::string_view(body_).substr(0, size),
                        .destination = draw_target()};
  const auto sent = engine.send(now, request, call_id);
  require(sent || WatchedEngine::is_shortage(sent.error()), "a request refused without a reason");
  if (sent && invite) plan_cancels(now, *sent);
  engine.take_outputs(now);
}

void Peer::plan_cancels(Instant now, std::uint64_t attached) {
  if (random_.chance(weights_.cancel))
    agenda_.plan(now + random_.up_to(weights_.patience), {Plan::cancel, attached});
  agenda_.plan(now + longest_ringing, {Plan::cancel, attached});
}

void Peer::advance(Instant now) {
  while (const std::optional<Task> task = agenda_.take_due(now)) {
    perform(now, *task);
    site_.engine_of(task->attached).take_outputs(now);
  }
  site_.advance(now);
}

void Peer::perform(Instant now, const Task& task) {
  WatchedEngine& engine = site_.engine_of(task.attached);
  if (engine.find(task.attached) == nullptr) return;
  switch (task.plan) {
    case Plan::respond: return respond(now, engine, task.attached, false);
    case Plan::finish: return respond(now, engine, task.attached, true);
    case Plan::repeat: return repeat(now, engine, task);
    case Plan::cancel: return cancel(now, engine, task.attached);
  }
}

void Peer::on_request(Instant now, WatchedEngine& engine, std::uint64_t attached,
                      const RequestReceived& request) {
  if (attached == 0) return;
  plan_answers(now, engine, attached, request.message->method() == Method::invite);
}

void Peer::plan_answers(Instant now, WatchedEngine& engine, std::uint64_t attached, bool invite) {
  if (!invite && random_.chance(weights_.silence)) return;
  if (random_.chance(weights_.answer_at_once)) return respond(now, engine, attached, true);
  if (random_.chance(weights_.provisional)) respond(now, engine, attached, false);
  for (std::size_t count = invite ? random_.below(3) : 0; count > 0; --count) {
    agenda_.plan(now + random_.up_to(weights_.patience), {Plan::respond, attached});
  }
  agenda_.plan(now + random_.up_to(weights_.patience), {Plan::finish, attached});
}

void Peer::on_response(Instant now, WatchedEngine& engine, const ResponseReceived& response) {
  const Entry& entry = *engine.find(response.attached);
  if (!entry.is_invite) return;
  const int status = response.message->status();
  if (status / 100 == 2) return on_call(now, engine, response);
  // The other side is about to answer: a CANCEL and a 2xx may cross.
  if (status < 200 && random_.chance(weights_.crossing))
    agenda_.plan(now + random_.up_to(weights_.patience), {Plan::cancel, response.attached});
}

void Peer::on_cancelled(Instant now, WatchedEngine&, std::uint64_t attached) {
  if (random_.chance(800)) agenda_.plan(now, {Plan::finish, attached});
}

int Peer::draw_final(bool invite) {
  if (random_.chance(weights_.success)) return random_.pick({200, 200, 202, 299});
  return invite ? random_.pick({300, 404, 408, 486, 487, 503, 603, 699})
                : random_.pick({302, 404, 405, 481, 500, 503, 600});
}

void Peer::respond(Instant now, WatchedEngine& engine, std::uint64_t attached, bool final) {
  const bool is_invite = engine.find(attached)->is_invite;
  const HeaderLine headers[] = {{"Contact", contact_}};
  const int provisional = is_invite ? random_.pick({100, 180, 183, 199}) : 100;
  const int status = final ? draw_final(is_invite) : provisional;
  Response response{.status = static_cast<std::uint16_t>(status)};
  if (random_.chance(weights_.own_text)) {
    response.headers = headers;
  } else {
    response.block = &block_;  // which the engine need not keep
  }
  const auto responded = engine.respond(now, attached, response);
  if (responded) {
    const bool repeats = is_invite && status >= 200 && status < 300;
    const Duration t1 = weights_.timers.t1;
    if (repeats) agenda_.plan(now + t1, {Plan::repeat, attached, t1});
  } else if (WatchedEngine::is_shortage(responded.error())) {
    agenda_.plan(now + after_a_shortage, {final ? Plan::finish : Plan::respond, attached});
  }
}

// RFC 3261 section 13.3.1.4.
void Peer::repeat(Instant now, WatchedEngine& engine, const Task& task) {
  if (engine.find(task.attached)->acknowledged) {
    if (random_.chance(weights_.tells_ack)) engine.acknowledged(now, task.attached);
    return;
  }
  (void)engine.repeat_response(now, task.attached);
  const Duration interval = std::min(2 * task.interval, weights_.timers.t2);
  agenda_.plan(now + interval, {Plan::repeat, task.attached, interval});
}

void Peer::cancel(Instant now, WatchedEngine& engine, std::uint64_t attached) {
  const auto cancelled = engine.cancel(now, attached);
  if (!cancelled && WatchedEngine::is_shortage(cancelled.error()))
    agenda_.plan(now + after_a_shortage, {Plan::cancel, attached});
}

// RFC 3261 section 13.2.2.4: each 2xx is acknowledged, retransmissions too.
void Peer::on_call(Instant now, WatchedEngine& engine, const ResponseReceived& response) {
  if (!follow_up(now, engine, response, Method::ack)) return;
  if (random_.chance(weights_.hang_up)) (void)follow_up(now, engine, response, Method::bye);
}

// A request of the dialog: along the route set to the remote target (section 12.2.1.1).
bool Peer::follow_up(Instant now, WatchedEngine& engine, const ResponseReceived& response,
                     Method method) {
  const std::uint32_t number = response.envelope->cseq.number + (method == Method::bye ? 1 : 0);
  std::array<HeaderLine, 64> lines;
  builder_.start_in_dialog(method, *response.message, number);
  auto request = builder_.request(lines);
  if (!request) return false;  // what came is no dialog
  const auto hop = next_hop(directory_, *request);
  request->destination = hop ? directory_[*hop] : response.received->source;
  const std::string_view call_id = response.envelope->call_id;
  std::optional<SendError> error;
  if (method == Method::ack) {
    if (const auto sent = engine.send_stateless(*request); !sent) error = sent.error();
  } else {
    if (const auto sent = engine.send(now, *request, call_id); !sent) error = sent.error();
  }
  require(!error || WatchedEngine::is_shortage(*error) || weights_.may_forge(),
          "a request of a dialog is refused without a reason");
  return !error;
}

}  // namespace sipring::simulation
