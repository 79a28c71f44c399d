// SPDX-License-Identifier: MIT
#include "tests/simulation/peer.h"

#include <sipring/core/message/parser.h>
#include <sipring/core/transaction/timer_wheel.h>

#include <algorithm>
#include <array>
#include <memory_resource>
#include <optional>
#include <utility>
#include <variant>

#include "tests/simulation/broken.h"

namespace sipring::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration longest_ringing = seconds(100);  // then the caller cancels
constexpr Duration after_a_shortage = milliseconds(300);

Settings settings_of(const Weights& weights, std::uint32_t number) {
  Settings settings;
  settings.limits.transactions = weights.transactions;
  settings.limits.outputs = weights.outputs;
  settings.limits.sends_in_flight = weights.sends_in_flight;
  settings.timers = weights.timers;
  settings.server = "simulated";
  settings.mark.shard = static_cast<std::uint8_t>(number);
  return settings;
}

Entropy entropy_of(Random& random) {
  return {{random.next(), random.next(), random.next(), random.next()}};
}

// A run that stalls handles everything late by as much, and deadlines are rounded up.
Duration lateness_of(const Weights& weights) {
  return weights.longest_stall + TimerWheel::granularity;
}

}  // namespace

Peer::Peer(std::uint32_t number, const Weights& weights, Random& random, Network& network,
           bool loses_an_output)
    : number_(number),
      weights_(weights),
      random_(random),
      network_(network),
      loses_an_output_(loses_an_output),
      address_{*parse_ip_address(number % 2 == 0 ? "192.0.2.1" : "2001:db8::1"),
               static_cast<std::uint16_t>(5060 + number), weights.transport},
      sent_by_(to_text(address_).view()),
      engine_(settings_of(weights, number), entropy_of(random), *std::pmr::new_delete_resource()),
      scratch_(Limits{}.headers, *std::pmr::new_delete_resource()),
      ledger_(weights.timers, lateness_of(weights), weights.corruption == 0) {}

void Peer::begin(Instant now, const NetworkAddress& target) {
  if (random_.chance(weights_.mischief)) misbehave(now);
  const bool invite = random_.chance(weights_.invite);
  const std::string method =
      invite ? "INVITE" : random_.pick({"OPTIONS", "MESSAGE", "REGISTER", "BYE", "X-Odd"});
  const std::uint64_t user = ++last_user_;
  const std::string call_id = std::to_string(user) + "@peer" + std::to_string(number_);
  const std::string from =
      "<sip:" + std::to_string(number_) + "@example.com>;tag=f" + std::to_string(user);
  const std::string cseq = std::to_string(user) + " " + method;
  const std::string body(random_.chance(50) ? random_.below(20'000) : random_.below(300), 'b');
  const HeaderLine headers[] = {{"From", from},
                                {"To", "Bob <sip:bob@example.com>"},
                                {"Call-ID", call_id},
                                {"CSeq", cseq},
                                {"Contact", "<sip:me@example.com>"}};
  const Request request{.method = method,
                        .request_uri = "sip:bob@example.com",
                        .headers = headers,
                        .body = body,
                        .destination = target,
                        .flow = {number_, 1},
                        .sent_by = sent_by_};
  const auto sent = engine_.send(now, request, user);
  if (sent) {
    ledger_.sent(user, {.handle = *sent,
                        .is_client = true,
                        .is_invite = invite,
                        .call_id = call_id,
                        .begun = now});
    const bool early = random_.chance(weights_.cancel);
    if (invite)
      plan(now + (early ? random_.up_to(weights_.patience) : longest_ringing),
           {Plan::cancel, user});
    if (invite && early) plan(now + longest_ringing, {Plan::cancel, user});
  } else {
    require(is_shortage(sent.error()), "a request refused without a reason");
  }
  drain(now);
}

void Peer::receive(Instant now, const Packet& packet) {
  datagram_octets_.assign(packet.bytes).append(readable_padding, '\x7f');
  const std::string_view bytes(datagram_octets_.data(), packet.bytes.size());
  if (random_.chance(weights_.failing_acquire)) {
    engine_.buffers().fail_nth_acquire(random_.below(3) + 1);
    engine_.fail_nth_transaction(random_.below(3) + 1);
  }
  if (packet.is_bounce) {
    engine_.transport_failed(now, bytes);
  } else {
    engine_.receive(now, {.bytes = bytes, .source = packet.source, .flow = {number_, 1}});
  }
  drain(now);
  std::ranges::fill(datagram_octets_, '\xdd');  // whoever still looks at it shall notice
}

void Peer::advance(Instant now) {
  while (!tasks_.empty() && tasks_.begin()->first.first <= now) {
    const Task task = tasks_.extract(tasks_.begin()).mapped();
    perform(now, task);
    drain(now);
  }
  engine_.advance(now);
  drain(now);
  require(engine_.next_deadline() > now, "a timer that is due does not fire");
}

Instant Peer::next_event() const {
  return std::min(engine_.next_deadline(), tasks_.empty() ? never : tasks_.begin()->first.first);
}

bool Peer::is_at_rest() const {
  return ledger_.alive() == 0 && tasks_.empty() && engine_.transactions_alive() == 0;
}

void Peer::check_at_rest() {
  in_flight_.clear();
  require(engine_.buffers().size() == 0, "a buffer has leaked");
  require(engine_.next_deadline() == never, "a timer has leaked");
}

void Peer::drain(Instant now) {
  while (std::optional<Output> output = engine_.next_output()) {
    std::visit([&](const auto& each) { take(now, each); }, *output);
  }
  require(!engine_.next_output(), "an output after the drain");
  require(engine_.is_consistent(), "table, wheel and pool disagree");
  require(ledger_.alive() <= engine_.transactions_alive(), "a transaction ended without a word");
}

// What goes out is well-formed, and goes back where it came from.
void Peer::take(Instant now, const Transmit& transmit) {
  const std::string_view bytes = transmit.bytes->view();
  require(parse(bytes, scratch_).has_value(), "a message of ours does not parse");
  require(transmit.flow == Flow{number_, 1}, "a message leaves through another flow");
  network_.send(
      now, {.source = address_, .destination = transmit.destination, .bytes = std::string(bytes)});
  in_flight_.push_back(transmit.bytes);
  if (in_flight_.size() > weights_.sends_in_flight) in_flight_.pop_front();
}

void Peer::take(Instant now, const RequestReceived& request) {
  const std::string call_id(request.message->first(HeaderId::call_id).value_or(""));
  if (!request.transaction) {
    require(request.message->method() == Method::ack, "a request without a transaction");
    return ledger_.on_acknowledgement(call_id);
  }
  require(request.message->method() != Method::ack, "an ACK with a transaction");
  require(request.message->method() != Method::cancel, "a CANCEL is the engine's");
  const std::uint64_t user = ++last_user_;
  require(engine_.attach(request.transaction, user), "a new transaction is stale");
  const bool invite = request.message->method() == Method::invite;
  ledger_.received(
      user, {.handle = request.transaction, .is_invite = invite, .call_id = call_id, .begun = now});
  plan_answers(now, user, invite);
}

void Peer::plan_answers(Instant now, std::uint64_t user, bool invite) {
  if (!invite && random_.chance(weights_.silence)) return;
  if (random_.chance(weights_.answer_at_once)) return respond(now, user, true);
  if (random_.chance(weights_.provisional)) respond(now, user, false);
  for (std::size_t count = invite ? random_.below(3) : 0; count > 0; --count) {
    plan(now + random_.up_to(weights_.patience), {Plan::respond, user});
  }
  plan(now + random_.up_to(weights_.patience), {Plan::finish, user});
}

void Peer::take(Instant now, const ResponseReceived& response) {
  ledger_.on_response(now, response);
  const Entry& entry = *ledger_.find(response.user);
  if (entry.is_invite && response.message->status() / 100 == 2) acknowledge(now, response);
}

void Peer::take(Instant now, const Cancelled& cancelled) {
  ledger_.on_cancelled(cancelled);
  if (random_.chance(800)) plan(now, {Plan::finish, cancelled.user});
}

void Peer::take(Instant now, const Terminated& end) {
  if (loses_an_output_ && ledger_.tally().finals > 20) {
    loses_an_output_ = false;
    return;
  }
  ledger_.on_terminated(now, end);
}

void Peer::perform(Instant now, const Task& task) {
  const Entry* entry = ledger_.find(task.user);
  if (entry == nullptr) return;
  switch (task.plan) {
    case Plan::respond: return respond(now, task.user, false);
    case Plan::finish: return respond(now, task.user, true);
    case Plan::repeat: return repeat(now, task);
    case Plan::cancel: return cancel(now, task.user);
  }
}

int Peer::draw_final(bool invite) {
  if (random_.chance(weights_.success)) return random_.pick({200, 200, 202, 299});
  return invite ? random_.pick({300, 404, 408, 486, 487, 503, 603, 699})
                : random_.pick({302, 404, 405, 481, 500, 503, 600});
}

void Peer::respond(Instant now, std::uint64_t user, bool final) {
  const Entry& entry = *ledger_.find(user);
  const HeaderLine headers[] = {{"Contact", "<sip:me@example.com>"}};
  const int provisional = entry.is_invite ? random_.pick({100, 180, 183, 199}) : 100;
  const int status = final ? draw_final(entry.is_invite) : provisional;
  const Response response{.status = static_cast<std::uint16_t>(status), .headers = headers};
  const auto responded = engine_.respond(now, entry.handle, response);
  if (responded) {
    require(entry.final == 0, "a response after the final one");
    ledger_.answered(user, status);
    const bool repeats = entry.is_invite && status >= 200 && status < 300;
    if (repeats) plan(now + weights_.timers.t1, {Plan::repeat, user, weights_.timers.t1});
  } else if (is_shortage(responded.error())) {
    plan(now + after_a_shortage, {final ? Plan::finish : Plan::respond, user});
  } else {
    require(responded.error() == SendError::wrong_state, "a response refused without a reason");
    require(entry.final != 0, "a first final response is refused");
  }
}

// RFC 3261 section 13.3.1.4.
void Peer::repeat(Instant now, const Task& task) {
  const Entry& entry = *ledger_.find(task.user);
  if (entry.acknowledged) return;
  const auto repeated = engine_.repeat_response(now, entry.handle);
  require(repeated || is_shortage(repeated.error()), "a 2xx cannot be repeated");
  const Duration interval = std::min(2 * task.interval, weights_.timers.t2);
  plan(now + interval, {Plan::repeat, task.user, interval});
}

void Peer::cancel(Instant now, std::uint64_t user) {
  const Entry& entry = *ledger_.find(user);
  const auto cancelled = engine_.cancel(now, entry.handle);
  if (cancelled) {
    require(entry.final == 0, "a CANCEL after the final response");
  } else if (is_shortage(cancelled.error())) {
    plan(now + after_a_shortage, {Plan::cancel, user});
  } else {
    require(cancelled.error() == SendError::wrong_state, "a CANCEL refused without a reason");
  }
}

// RFC 3261 section 13.2.2.4: each 2xx is acknowledged, retransmissions too.
void Peer::acknowledge(Instant, const ResponseReceived& response) {
  const Message& message = *response.message;
  const auto value = [&](HeaderId id) { return message.first(id).value_or(""); };
  std::string cseq(value(HeaderId::cseq));
  cseq.replace(cseq.find("INVITE"), 6, "ACK");
  const HeaderLine headers[] = {{"From", value(HeaderId::from)},
                                {"To", value(HeaderId::to)},
                                {"Call-ID", value(HeaderId::call_id)},
                                {"CSeq", cseq}};
  const Request request{.method = "ACK",
                        .request_uri = "sip:bob@example.com",
                        .headers = headers,
                        .destination = response.datagram->source,
                        .flow = {number_, 1},
                        .sent_by = sent_by_};
  const auto sent = engine_.send_stateless(request);
  require(sent || is_shortage(sent.error()), "an ACK refused without a reason");
}

// What a user may not do is refused, and does no harm.
void Peer::misbehave(Instant now) {
  const auto is_refused = [](const auto& result, SendError error) {
    return !result && result.error() == error;
  };
  if (!ledger_.ended().empty()) {
    const Handle<Transaction> stale = ledger_.ended()[random_.below(ledger_.ended().size())];
    require(!engine_.attach(stale, 1), "a stale handle is taken");
    require(engine_.request(stale) == nullptr, "a stale handle has a request");
    require(is_refused(engine_.respond(now, stale, {}), SendError::stale_transaction),
            "a stale handle is answered");
    require(is_refused(engine_.cancel(now, stale), SendError::stale_transaction),
            "a stale handle is cancelled");
  }
  for (const auto& [user, entry] : ledger_.entries()) {
    if (entry.is_client) {
      require(is_refused(engine_.respond(now, entry.handle, {}), SendError::stale_transaction),
              "a client transaction is answered");
    } else {
      require(is_refused(engine_.cancel(now, entry.handle), SendError::stale_transaction),
              "a server transaction is cancelled");
    }
  }
  require(is_refused(engine_.send(now, {.method = "OPTIONS", .request_uri = "sip:b@c"}),
                     SendError::missing_header),
          "a request without headers goes out");
  require(!engine_.next_output(), "a refusal has an output");
}

bool Peer::is_shortage(SendError error) const {
  return error == SendError::no_buffers || error == SendError::no_transactions ||
         error == SendError::outputs_full;
}

}  // namespace sipring::simulation
