// SPDX-License-Identifier: MIT
#include <answer/answer_user.h>

#include <utility>
#include <variant>

namespace sipring::app {
namespace {

CallSettings settings_of(const AnswerOptions& options, const std::vector<Endpoint>& endpoints) {
  CallSettings settings{.timers = options.timers, .mark = options.mark};
  for (const Endpoint& endpoint : endpoints)
    settings.endpoints.push_back({endpoint.sent_by, endpoint.contact, endpoint.secure_contact});
  settings.methods = {"REGISTER"};
  settings.extensions = {std::string(recorder)};
  settings.body_types = {std::begin(understood_types), std::end(understood_types)};
  return settings;
}

CallLimits limits_of(const AnswerOptions& options) {
  return {.calls = options.calls,
          .forks = 1,  // it makes no calls
          .refusals = options.calls,
          .retry_after_seconds = options.retry_after_seconds};
}

std::uint64_t count_of(const CallCounters& counters, EndedBy by) {
  return counters.ended[std::to_underlying(by)];
}

}  // namespace

AnswerUser::AnswerUser(const AnswerOptions& options, std::vector<Endpoint> endpoints,
                       const Entropy& entropy, std::pmr::memory_resource& memory,
                       std::function<void(const AnswerTally&)> at_end)
    : endpoints_(std::move(endpoints)),
      options_(options),
      outside_(with_dialogs, options, entropy, memory),
      calls_(settings_of(options, endpoints_), limits_of(options), entropy, memory),
      rings_(options.calls, memory),
      sessions_(entropy.words[2]),
      at_end_(std::move(at_end)) {
  for (Endpoint& endpoint : endpoints_) outside_.introduce(endpoint);
}

AnswerUser::~AnswerUser() {
  if (at_end_) at_end_(tally());
}

AnswerTally AnswerUser::tally() const {
  const CallCounters& counters = calls_.counters();
  AnswerTally tally = tally_;
  tally.answered = counters.accepted;
  tally.acknowledged = counters.acknowledged;
  tally.unacknowledged = count_of(counters, EndedBy::unacknowledged);
  tally.refused += counters.turned_away;
  return tally;
}

Moment AnswerUser::moment_of(Engine& engine, Instant now) const {
  return {engine, now, nullptr, options_.connections};
}

void AnswerUser::on_output(Engine& engine, Instant now, const Output& output) {
  const Moment moment = moment_of(engine, now);
  const auto* const request = std::get_if<RequestReceived>(&output);
  if (request != nullptr && !admits(moment, *request)) return;
  const Fate fate = calls_.handle(moment, output);
  if (fate == Fate::passed && request != nullptr) {
    outside_.answer(engine, now, *request, endpoint_at(request->received->listener.slot));
  }
  take_events(moment);
}

// What has a To tag is for calls_ to judge: its dialog was let in, or is none of ours.
bool AnswerUser::admits(const Moment& moment, const RequestReceived& request) {
  user_ = request.envelope->request_uri->user;
  invite_ = request.transaction;
  if (request.message->method() == Method::ack) return true;
  const bool in_dialog = !request.envelope->to_tag.empty();
  const auto refusal = outside_.refusal(moment.now, request, in_dialog);
  if (refusal) calls_.turn_away(moment, request.transaction, *refusal);
  return !refusal;
}

void AnswerUser::advance(Engine& engine, Instant now) {
  const Moment moment = moment_of(engine, now);
  calls_.advance(moment);
  take_events(moment);
  answer_due(moment);
  if (now < leaves_at_) return;
  leaves_at_ = never;
  std::uint32_t slot = 0;
  while (const Handle<Call> call = calls_.next_call(slot)) {
    (void)calls_.end(moment, call);
    take_events(moment);
  }
}

void AnswerUser::on_drain(Engine&, Instant now) {
  leaves_at_ = now + options_.patience;
}

void AnswerUser::on_finish(Engine& engine, Instant now) {
  const Moment moment = moment_of(engine, now);
  calls_.end_all(moment);
  take_events(moment);
}

void AnswerUser::on_listen(Engine&, Instant, const Listener& listener) {
  Endpoint& endpoint = endpoints_.emplace_back(make_endpoint(listener, options_.advertise));
  outside_.introduce(endpoint);
  calls_.set_endpoint(listener.flow.slot,
                      {endpoint.sent_by, endpoint.contact, endpoint.secure_contact});
}

// Its calls still go by its names.
void AnswerUser::on_close(Engine&, Instant, const Listener& listener) {
  std::erase_if(endpoints_, [&](const Endpoint& endpoint) {
    return endpoint.listener == listener.flow && endpoints_.size() > 1;
  });
}

const Endpoint& AnswerUser::endpoint_at(std::uint32_t slot) const {
  return endpoints_[index_of(endpoints_, slot)];
}

}  // namespace sipring::app
