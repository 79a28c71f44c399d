// SPDX-License-Identifier: MIT
#include "tests/simulation/watched_engine.h"

#include <sipring/core/message/parser.h>
#include <sipring/core/transaction/timer_wheel.h>

#include <algorithm>
#include <memory_resource>
#include <optional>
#include <utility>
#include <variant>

#include "tests/simulation/broken.h"

namespace sipring::simulation {
namespace {

Settings settings_of(const Weights& weights, std::uint8_t shard, const Canary& canary) {
  Settings settings;
  settings.limits.transactions = weights.transactions;
  settings.limits.outputs = weights.outputs;
  settings.limits.sends_in_flight = weights.sends_in_flight;
  settings.limits.remember_at_least = weights.remember_at_least;
  if (canary.is(Canary::Kind::short_memory)) {
    settings.limits.remember_at_least =
        weights.remember_at_least.value_or(4 * weights.timers.t1) / 2;
  }
  settings.timers = weights.timers;
  if (canary.is(Canary::Kind::wrong_t1)) settings.timers.t1 += settings.timers.t1 / 8;
  if (canary.is(Canary::Kind::wrong_t2)) settings.timers.t2 -= settings.timers.t2 / 8;
  if (canary.is(Canary::Kind::wrong_t4)) settings.timers.t4 += settings.timers.t4 / 8;
  settings.server = "simulated";
  settings.mark.shard = shard;
  return settings;
}

TimerRules::Values values_of(const Weights& weights, const Canary& canary) {
  const bool is_less = canary.is(Canary::Kind::early_timer);
  TimerRules::Values values{.t1 = weights.timers.t1,
                            .t2 = weights.timers.t2,
                            .t4 = weights.timers.t4,
                            .wrong = {},
                            .is_less = is_less,
                            .remember_at_least = weights.remember_at_least};
  if (is_less || canary.is(Canary::Kind::late_timer)) values.wrong = canary.timer;
  return values;
}

Entropy entropy_of(Random& random) {
  return {{random.next(), random.next(), random.next(), random.next()}};
}

}  // namespace

WatchedEngine::WatchedEngine(const Position& position, const Weights& weights, Random& random,
                             const Canary& canary, Carrier& carrier, SimulatedUser& user)
    : position_(position),
      weights_(weights),
      random_(random),
      canary_(canary),
      carrier_(carrier),
      user_(user),
      sent_by_(to_text(position.address).view()),
      engine_(settings_of(weights, position.shard, canary), entropy_of(random),
              *std::pmr::new_delete_resource()),
      scratch_(Limits{}.headers, *std::pmr::new_delete_resource()),
      ledger_(weights.timers, !weights.may_forge()),
      model_(values_of(weights, canary), TimerWheel::granularity, weights.transactions) {}

void WatchedEngine::receive(Instant now, const Received& received) {
  inject_failures();
  Occasion occasion{.is_short = is_short()};
  arrives(now, received);
  const std::uint64_t before = alive_and_forgotten();
  engine_.receive(now, received);
  occasion.made_transaction = alive_and_forgotten() > before;
  take_outputs(now, occasion);
}

// As if transactions were used up.
void WatchedEngine::refuse(Instant now, const Received& received) {
  arrives(now, received);
  // A response may let the CANCEL go out that has waited for it.
  const bool is_request = parse(received.bytes, scratch_) && scratch_.is_request();
  const std::uint32_t before = engine_.transactions_alive();
  engine_.turn_away(now, received);
  require(!is_request || engine_.transactions_alive() <= before,
          "what is refused makes a transaction");
  take_outputs(now, {.is_short = true});
}

void WatchedEngine::turn_ended(Instant now, const TurnReport& report) {
  engine_.turn_ended(now, report);
  require(!engine_.next_output(), "the end of a turn has an output");
}

void WatchedEngine::undelivered(Instant now, std::string_view bytes) {
  inject_failures();
  Occasion occasion{.is_short = is_short()};
  (void)parse(bytes, scratch_, no_limits);
  occasion.undelivered = key_of_undelivered(scratch_);
  engine_.transport_failed(now, bytes);
  take_outputs(now, occasion);
}

void WatchedEngine::transmit_failed(Instant now, Handle<Transaction> transaction) {
  Occasion occasion{.is_short = is_short()};
  const auto sent = sent_by_slot_.find(transaction.slot);
  if (sent != sent_by_slot_.end() && sent->second.generation == transaction.generation) {
    occasion.undelivered = sent->second.key;
  }
  engine_.transmit_failed(now, transaction);
  take_outputs(now, occasion);
}

void WatchedEngine::inject_failures() {
  if (!random_.chance(weights_.failing_acquire)) return;
  engine_.buffers().fail_nth_acquire(random_.below(3) + 1);
  engine_.fail_nth_transaction(random_.below(3) + 1);
}

void WatchedEngine::arrives(Instant now, const Received& received) {
  model_.octets_arrive();
  if (parse(received.bytes, scratch_))
    if (const auto reading = read_arrival(scratch_, received)) model_.arrives(now, *reading);
}

void WatchedEngine::advance(Instant now) {
  is_advancing_ = true;
  engine_.advance(now);
  take_outputs(now, {.advanced = true, .is_short = is_short()});
  is_advancing_ = false;
  require(engine_.next_deadline() > now, "a timer that is due does not fire");
}

// As a loop does: what could not be sent is told when all outputs have been taken.
void WatchedEngine::take_outputs(Instant now, Occasion occasion) {
  take_waiting(now, occasion);
  while (!unsent_.empty()) {
    const Unsent unsent = unsent_.front();
    unsent_.pop_front();
    engine_.transmit_failed(now, unsent.transaction);
    take_waiting(now, {.is_short = is_short(), .undelivered = unsent.key});
  }
}

void WatchedEngine::take_waiting(Instant now, Occasion occasion) {
  while (std::optional<Output> output = engine_.next_output()) {
    std::visit([&](const auto& each) { take(now, each); }, *output);
  }
  require(!engine_.next_output(), "an output after the last one");
  require(engine_.is_consistent(), "table, wheel and pool disagree");
  occasion.is_short = occasion.is_short || is_short();
  occasion.alive = engine_.transactions_alive();
  occasion.has_forgotten = engine_.counters().transactions_forgotten != 0;
  ledger_.settle();
  require(ledger_.alive() <= occasion.alive, "a transaction ended without a word");
  model_.settle(now, occasion);
  model_.check_next_deadline(engine_.next_deadline());
}

// Injected failures wait for their acquire; memory is short when no chunk of it is free.
bool WatchedEngine::is_short() {
  const BufferPool& buffers = engine_.buffers();
  return weights_.failing_acquire != 0 || engine_.transactions_alive() >= weights_.transactions ||
         buffers.bytes_in_use() == buffers.bytes();
}

void WatchedEngine::take(Instant now, const Transmit& transmit) {
  if (is_advancing_ && ++timed_sends_ % 64 == 0) {
    if (canary_.is(Canary::Kind::swallowed_timer)) return;
    if (canary_.is(Canary::Kind::doubled_timer)) put_on_wire(now, transmit);
  }
  put_on_wire(now, transmit);
}

// What goes out is well-formed, and goes back where it came from.
void WatchedEngine::put_on_wire(Instant now, const Transmit& transmit) {
  const std::string_view bytes = transmit.bytes->view();
  require(parse(bytes, scratch_).has_value(), "a message of ours does not parse");
  const Reading reading = read_sent(scratch_, transmit.destination);
  model_.sends(now, reading);
  if (random_.chance(weights_.failing_send)) {
    if (transmit.transaction) unsent_.push_back({transmit.transaction, reading.key});
    return;
  }
  if (transmit.transaction) {
    sent_by_slot_[transmit.transaction.slot] = {transmit.transaction.generation, reading.key};
  }
  carrier_.carry(now, transmit);
  in_flight_.push_back(transmit.bytes);
  if (in_flight_.size() > weights_.sends_in_flight) in_flight_.pop_front();
}

void WatchedEngine::take(Instant now, const RequestReceived& request) {
  const std::string_view call_id = request.envelope->call_id;
  if (!request.transaction) {
    require(request.message->method() == Method::ack, "a request without a transaction");
    ledger_.on_acknowledgement(call_id);
    return user_.on_request(now, *this, 0, request);
  }
  require(request.message->method() != Method::ack, "an ACK with a transaction");
  require(request.message->method() != Method::cancel, "a CANCEL is the engine's");
  const std::uint64_t attached = new_user();
  require(engine_.attach(request.transaction, attached), "a new transaction is stale");
  model_.tells_request(now, request.transaction);
  ledger_.received(attached, {.handle = request.transaction,
                              .is_invite = request.message->method() == Method::invite,
                              .call_id = std::string(call_id),
                              .begun = now});
  user_.on_request(now, *this, attached, request);
}

void WatchedEngine::take(Instant now, const ResponseReceived& response) {
  ledger_.on_response(response);
  user_.on_response(now, *this, response);
}

void WatchedEngine::take(Instant now, const Cancelled& cancelled) {
  ledger_.on_cancelled(cancelled);
  user_.on_cancelled(now, *this, cancelled.attached);
}

void WatchedEngine::take(Instant now, const TimedOut& timeout) {
  ledger_.on_timed_out(now, timeout);
  model_.tells_timeout(now, timeout.transaction);
  user_.on_failed(now, *this, timeout.attached, true);
}

void WatchedEngine::take(Instant now, const TransportFailed& failure) {
  ledger_.on_transport_failed(failure);
  model_.tells_failure(failure.transaction);
  user_.on_failed(now, *this, failure.attached, false);
}

void WatchedEngine::take(Instant now, const Terminated& end) {
  if (end.reason == EndReason::forgotten) {
    model_.tells_forgotten(now, end.transaction);
  } else {
    model_.tells_end(now, end.transaction);
  }
  if (canary_.is(Canary::Kind::lost_output) && ledger_.tally().finals > 20) {
    canary_ = {};
    return;
  }
  ledger_.on_terminated(now, end);
  user_.on_terminated(*this, end.attached);
}

std::expected<std::uint64_t, SendError> WatchedEngine::send(Instant now, Request request,
                                                            std::string_view call_id) {
  request.flow = carrier_.flow_to(request.destination);
  request.sent_by = sent_by_;
  const std::uint64_t attached = new_user();
  const auto sent = engine_.send(now, request, attached);
  if (!sent) return std::unexpected(sent.error());
  return begun(
      now, *sent,
      {attached, request.method == "INVITE", is_reliable(request.destination.transport), call_id});
}

std::expected<std::uint64_t, SendError> WatchedEngine::forward(Instant now, MessageEdit& request,
                                                               const NetworkAddress& destination,
                                                               std::string_view call_id) {
  const bool is_invite = request.message().method() == Method::invite;
  const std::uint64_t attached = new_user();
  const auto sent = engine_.forward(
      now, request, {destination, carrier_.flow_to(destination), sent_by_}, attached);
  if (!sent) return std::unexpected(sent.error());
  return begun(now, *sent, {attached, is_invite, is_reliable(destination.transport), call_id});
}

std::uint64_t WatchedEngine::begun(Instant now, Handle<Transaction> handle, const Begun& begun) {
  model_.user_sent(now, handle, begun.is_invite, begun.is_reliable);
  ledger_.sent(begun.attached, {.handle = handle,
                                .is_client = true,
                                .is_invite = begun.is_invite,
                                .call_id = std::string(begun.call_id),
                                .begun = now});
  return begun.attached;
}

WatchedEngine::Done WatchedEngine::send_stateless(Request request) {
  request.flow = carrier_.flow_to(request.destination);
  request.sent_by = sent_by_;
  const auto sent = engine_.send_stateless(request);
  if (!sent) return std::unexpected(sent.error());
  model_.user_sent_statelessly();
  return {};
}

WatchedEngine::Done WatchedEngine::forward_stateless(MessageEdit& request,
                                                     const NetworkAddress& destination) {
  const auto sent =
      engine_.forward_stateless(request, {destination, carrier_.flow_to(destination), sent_by_});
  if (!sent) return std::unexpected(sent.error());
  model_.user_sent_statelessly();
  return {};
}

// A response that came can be anything, and is refused for what it is.
WatchedEngine::Done WatchedEngine::forward(Instant now, std::uint64_t attached,
                                           MessageEdit& response) {
  const Entry& entry = *ledger_.find(attached);
  const auto status = static_cast<std::uint16_t>(response.message().status());
  const bool is_another = entry.final != 0;
  const Done forwarded = engine_.forward(now, entry.handle, response);
  if (!forwarded) {
    require(forwarded.error() != SendError::stale_transaction, "a response finds no transaction");
    require(forwarded.error() != SendError::wrong_state || is_another,
            "a first final response is refused");
    return forwarded;
  }
  if (is_another) {
    require(entry.is_invite && entry.final / 100 == 2 && status / 100 == 2,
            "a response after the final one");
    model_.user_forwarded_another(entry.handle);
    return forwarded;
  }
  model_.user_responded(now, entry.handle, status);
  ledger_.answered(attached, status);
  return forwarded;
}

WatchedEngine::Done WatchedEngine::respond(Instant now, std::uint64_t attached,
                                           const Response& response) {
  const Entry& entry = *ledger_.find(attached);
  const Done responded = engine_.respond(now, entry.handle, response);
  if (responded) {
    require(entry.final == 0, "a response after the final one");
    model_.user_responded(now, entry.handle, response.status);
    ledger_.answered(attached, response.status);
  } else if (responded.error() == SendError::wrong_state) {
    require(entry.final != 0, "a first final response is refused");
  } else {
    require(is_shortage(responded.error()) || responded.error() == SendError::malformed_header,
            "a response refused without a reason");
  }
  return responded;
}

WatchedEngine::Done WatchedEngine::repeat_response(Instant now, std::uint64_t attached) {
  const Entry& entry = *ledger_.find(attached);
  const Done repeated = engine_.repeat_response(now, entry.handle);
  require(repeated || is_shortage(repeated.error()), "a 2xx cannot be repeated");
  if (repeated) model_.user_repeated(entry.handle);
  return repeated;
}

void WatchedEngine::acknowledged(Instant now, std::uint64_t attached) {
  const Handle<Transaction> invite = ledger_.find(attached)->handle;
  engine_.acknowledged(now, invite);
  model_.user_acknowledged(now, invite);
}

WatchedEngine::Done WatchedEngine::cancel(Instant now, std::uint64_t attached) {
  const Entry& entry = *ledger_.find(attached);
  const Done cancelled = engine_.cancel(now, entry.handle);
  if (cancelled) {
    require(entry.final == 0, "a CANCEL after the final response");
    ledger_.cancelling(attached);
  } else {
    require(is_shortage(cancelled.error()) || cancelled.error() == SendError::wrong_state,
            "a CANCEL refused without a reason");
  }
  const bool is_refused = !cancelled && !is_shortage(cancelled.error());
  if (!is_refused) model_.user_cancelled(now, entry.handle, cancelled.has_value());
  return cancelled;
}

bool WatchedEngine::is_shortage(SendError error) {
  return error == SendError::no_buffers || error == SendError::no_transactions ||
         error == SendError::outputs_full;
}

bool WatchedEngine::is_at_rest() const {
  return ledger_.alive() == 0 && engine_.transactions_alive() == 0;
}

void WatchedEngine::check_at_rest() {
  in_flight_.clear();
  require(engine_.buffers().size() == 0, "a buffer has leaked");
  require(engine_.next_deadline() == never, "a timer has leaked");
}

void WatchedEngine::misbehave(Instant now) {
  const auto is_refused = [](const auto& result, SendError error) {
    return !result && result.error() == error;
  };
  if (const auto stale = ledger_.some_ended(random_.next())) {
    require(!engine_.attach(*stale, 1), "a stale handle is taken");
    require(engine_.request(*stale) == nullptr, "a stale handle has a request");
    require(is_refused(engine_.respond(now, *stale, {}), SendError::stale_transaction),
            "a stale handle is answered");
    require(is_refused(engine_.cancel(now, *stale), SendError::stale_transaction),
            "a stale handle is cancelled");
  }
  if (const Entry* entry = ledger_.some_alive()) {
    const SendError stale = SendError::stale_transaction;
    require(entry->is_client ? is_refused(engine_.respond(now, entry->handle, {}), stale)
                             : is_refused(engine_.cancel(now, entry->handle), stale),
            "a transaction is taken for one of the other side");
  }
  require(is_refused(engine_.send(now, {.method = "OPTIONS", .request_uri = "sip:b@c"}),
                     SendError::missing_header),
          "a request without headers goes out");
  require(!engine_.next_output(), "a refusal has an output");
}

}  // namespace sipring::simulation
