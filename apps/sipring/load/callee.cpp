// SPDX-License-Identifier: MIT
#include <load/callee.h>

#include <sipring/core/dialog/dialog.h>

#include <utility>
#include <variant>

namespace sipring::app {
namespace {

CallSettings settings_of(const CalleeOptions& options, const Endpoint& endpoint) {
  CallSettings settings{.timers = options.timers, .mark = options.mark};
  settings.endpoints = {{endpoint.sent_by, endpoint.contact, endpoint.secure_contact}};
  return settings;
}

CallLimits limits_of(const CalleeOptions& options) {
  return {.calls = options.calls, .forks = 1, .refusals = options.calls};
}

}  // namespace

Callee::Callee(const CalleeOptions& options, const Parts& parts, const Entropy& entropy,
               std::pmr::memory_resource& memory)
    : options_(options),
      parts_(parts),
      calls_(settings_of(options, parts.requests.endpoint()), limits_of(options), entropy, memory),
      rings_(options.calls, memory),
      incoming_(options.calls, &memory) {}

Fate Callee::take(const Moment& moment, const Output& output) {
  request_ = std::get_if<RequestReceived>(&output);
  const bool is_ack = request_ != nullptr && request_->message->method() == Method::ack;
  const std::uint64_t acknowledged = calls_.counters().acknowledged;
  const Fate fate = calls_.handle(moment, output);
  if (is_ack && calls_.counters().acknowledged != acknowledged)
    on_acknowledged(moment, calls_.named(*request_->envelope));
  take_events(moment);
  request_ = nullptr;
  return fate;
}

void Callee::advance(const Moment& moment) {
  const std::uint64_t repeated = moment.engine.counters().retransmissions_sent;
  calls_.advance(moment);
  parts_.tally.repeated += moment.engine.counters().retransmissions_sent - repeated;
  take_events(moment);
  while (const std::optional<std::uint32_t> slot = rings_.pop_due(moment.now)) {
    std::uint32_t at = *slot;
    accept(moment, calls_.next_call(at));
    take_events(moment);
  }
}

Instant Callee::next_deadline() const {
  return std::min(calls_.next_deadline(), rings_.next_deadline());
}

void Callee::end_all(const Moment& moment) {
  calls_.end_all(moment);
  take_events(moment);
}

void Callee::take_events(const Moment& moment) {
  while (const auto event = calls_.next_output())
    std::visit([&](const auto& one) { on(moment, one); }, *event);
}

// By the Contact of the registration (RFC 3261 section 16.6 step 1), by whatever name it was
// called.
void Callee::on(const Moment& moment, const IncomingCall& event) {
  PhoneTally& tally = parts_.tally;
  ++tally.arrived;
  ++tally.open;
  incoming_[event.call.slot] = {.arrived = moment.now, .session = ++last_session_};
  const auto phone = parts_.requests.phones().phone_of(request_->envelope->request_uri->user);
  if (!phone) {
    ++tally.misrouted;
    return (void)calls_.reject(moment, event.call, 404);
  }
  count_arrival(moment.now, *phone, request_->envelope->call_id);
  (void)calls_.ring(moment, event.call);
  if (options_.rings > Duration{}) return rings_.arm(event.call.slot, moment.now + options_.rings);
  accept(moment, event.call);
}

void Callee::count_arrival(Instant now, std::uint32_t phone, std::string_view call_id) {
  PhoneTally& tally = parts_.tally;
  const Flow flow = request_->received->flow;
  if (flow.is_connection() && flow != parts_.registrations.flow_of(phone)) ++tally.elsewhere;
  const auto handle = parts_.requests.session_of(call_id);
  const Session* const session = handle ? parts_.sessions.find(*handle) : nullptr;
  if (session == nullptr) return;
  ++tally.matched;
  if (session->callee != phone) ++tally.misrouted;
  tally.arrival.record(now - session->due);
}

void Callee::accept(const Moment& moment, Handle<Call> call) {
  const auto answer = describe(call, calls_.offered(call));
  if (!answer) {
    const Response refusal = answer.error().response();
    return (void)calls_.reject(moment, call, refusal.status, refusal.headers, refusal.reason);
  }
  if (!calls_.accept(moment, call, {.body = *answer}))
    return (void)calls_.reject(moment, call, 500);
  incoming_[call.slot].is_answered = true;
  ++parts_.tally.answered;
}

// The version rises when something has changed, and then alone (RFC 3264 section 8).
std::expected<std::string_view, Rejection> Callee::describe(Handle<Call> call,
                                                            std::string_view offer) {
  Incoming& incoming = incoming_[call.slot];
  auto written = write_description(incoming, offer);
  const std::string_view last = calls_.local_description(call);
  if (written && !last.empty() && last != description_.view()) {
    ++incoming.version;
    written = write_description(incoming, offer);
  }
  if (!written) return std::unexpected(rejection_of(written.error()));
  return description_.view();
}

std::expected<void, SdpError> Callee::write_description(const Incoming& incoming,
                                                        std::string_view offer) {
  const Endpoint& endpoint = parts_.requests.endpoint();
  const SdpOrigin origin{.session = incoming.session,
                         .version = incoming.version,
                         .host = endpoint.host,
                         .ipv6 = endpoint.ipv6};
  if (!offer.empty()) return write_sdp_answer(offer, origin, description_);
  write_sdp_offer(origin, description_);
  return {};
}

// Of the call, or of a re-INVITE within it.
void Callee::on_acknowledged(const Moment& moment, Handle<Call> call) {
  if (!call) return;
  Incoming& incoming = incoming_[call.slot];
  if (!std::exchange(incoming.is_acknowledged, true))
    parts_.tally.setup.record(moment.now - incoming.arrived);
}

void Callee::on(const Moment& moment, const Offered& event) {
  const auto answer = describe(event.call, event.offer);
  if (answer) return (void)calls_.answer(moment, event.call, *answer);
  (void)calls_.refuse(moment, event.call, answer.error().status, answer.error().response().headers);
}

// INFO and MESSAGE.
void Callee::on(const Moment& moment, const Requested& event) {
  (void)moment.engine.respond(moment.now, event.transaction, {.status = 200});
}

void Callee::on(const Moment&, const Ended& event) {
  PhoneTally& tally = parts_.tally;
  const Incoming& incoming = incoming_[event.call.slot];
  rings_.stop(event.call.slot);
  --tally.open;
  const bool by_bye = event.by == EndedBy::remote || event.by == EndedBy::local;
  if (incoming.is_answered && by_bye) {  // whose ACK it may have overtaken
    ++tally.completed;
  } else if (!incoming.is_answered && event.by == EndedBy::remote) {
    ++tally.cancelled;
  } else {
    ++tally.failed;
  }
}

}  // namespace sipring::app
