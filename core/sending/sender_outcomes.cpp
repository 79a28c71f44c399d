// What becomes of a request at its targets, and what its user hears of it.
// SPDX-License-Identifier: MIT
#include <sipring/core/sending/sender.h>

#include <sipring/core/message/header/retry_after.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace sipring {
namespace {

using Kind = Sender::Verdict::Kind;

// A failure that another request might not have met either (section 4.3).
bool has_no_final_response(State state) {
  return state == State::calling || state == State::trying || state == State::proceeding;
}

}  // namespace

void Sender::take(Instant now, const dns::Answered& answered) {
  Sending* const sending = sendings_.find(handle_of(answered.attached));
  if (sending == nullptr || !sending->waiter) return;
  sending->waiter = {};
  learn(*sending, answered.answer);
  const Progress progress = go_on(now, *sending, nullptr);
  if (progress == Progress::no_target || progress == Progress::refused) end(*sending);
}

Sending* Sender::find(std::uint64_t word, Handle<Transaction> transaction) {
  Sending* const sending = sendings_.find(handle_of(word));
  return sending != nullptr && sending->transaction == transaction ? sending : nullptr;
}

Sender::Verdict Sender::passed(const Sending& sending) {
  return {Kind::passed, sendings_.handle_of(sending.slot), sending.attached};
}

Sender::Verdict Sender::take(Instant now, const Output& output) {
  if (sendings_.size() == 0) return {};
  if (const auto* response = std::get_if<ResponseReceived>(&output)) {
    Sending* const sending = find(response->attached, response->transaction);
    return sending == nullptr ? Verdict{} : on_response(now, *sending, *response);
  }
  if (const auto* timeout = std::get_if<TimedOut>(&output)) {
    Sending* const sending = find(timeout->attached, timeout->transaction);
    if (sending == nullptr) return {};
    return sending->answered ? passed(*sending) : fail(now, *sending, AttemptEnd::timed_out);
  }
  if (const auto* failure = std::get_if<TransportFailed>(&output)) {
    Sending* const sending = find(failure->attached, failure->transaction);
    if (sending == nullptr) return {};
    const bool failed = !sending->answered && has_no_final_response(failure->state);
    return failed ? fail(now, *sending, AttemptEnd::transport_failed) : passed(*sending);
  }
  if (const auto* fired = std::get_if<TimerCFired>(&output)) {
    const Sending* const sending = find(fired->attached, fired->invite);
    return sending == nullptr ? Verdict{} : passed(*sending);
  }
  if (const auto* terminated = std::get_if<Terminated>(&output)) return on_terminated(*terminated);
  return {};
}

// Whoever else attaches words to transactions may have attached one of ours: the transaction tells.
Sender::Verdict Sender::on_terminated(const Terminated& terminated) {
  Sending* const sending = sendings_.find(handle_of(terminated.attached));
  if (sending == nullptr) return {};
  const auto attempts = std::span(sending->attempts).first(sending->attempt_count);
  const auto is_its = [&](const Attempt& one) { return one.transaction == terminated.transaction; };
  if (!terminated.transaction || std::ranges::none_of(attempts, is_its)) return {};
  --sending->alive;
  Verdict verdict = passed(*sending);
  if (sending->transaction == terminated.transaction) {
    sending->transaction = {};
    sending->is_told = true;
  } else {
    verdict.kind = Kind::swallowed;
  }
  release_if_over(*sending);
  return verdict;
}

Sender::Verdict Sender::on_response(Instant now, Sending& sending,
                                    const ResponseReceived& response) {
  constexpr int service_unavailable = 503;
  const NetworkAddress& target = last_attempt(sending).target;
  const int status = response.message->status();
  if (status != service_unavailable) {
    if (!sending.answered) health_.answered(target);
    sending.answered = true;
    constexpr int first_final = 200;
    if (status >= first_final) end_of_targets(sending);
    return passed(sending);
  }
  const auto value = response.message->first(HeaderId::retry_after);
  const auto retry_after = value ? parse_retry_after(*value) : Parsed<RetryAfter>{};
  if (value && retry_after) {
    health_.asked_for(now, target, std::chrono::seconds(retry_after->seconds));
  }
  return fail(now, sending, AttemptEnd::unavailable);
}

Sender::Verdict Sender::fail(Instant now, Sending& sending, AttemptEnd end) {
  Attempt& attempt_made = last_attempt(sending);
  attempt_made.end = end;
  switch (end) {
    case AttemptEnd::timed_out:
      ++counters_.timed_out;
      health_.failed(now, attempt_made.target);
      break;
    case AttemptEnd::transport_failed:
      ++counters_.transport_failed;
      // By TCP for its size alone: what takes no TCP may be well all the same.
      if (!sending.may_fall_back) health_.failed(now, attempt_made.target);
      break;
    default: ++counters_.unavailable;
  }
  if (sending.cancelled) return passed(sending);
  const Verdict as_it_is = passed(sending);
  const Handle<Transaction> over = std::exchange(sending.transaction, {});
  const bool falls_back = sending.may_fall_back && end == AttemptEnd::transport_failed &&
                          sending.attempt_count < Sending::most_attempts;
  Progress progress = Progress::no_target;
  if (falls_back) {
    ++counters_.back_to_udp;
    NetworkAddress by_udp = attempt_made.target;
    by_udp.transport = Transport::udp;
    progress = attempt(now, sending, by_udp, nullptr);
  }
  if (progress == Progress::no_target) progress = go_on(now, sending, nullptr);
  const bool goes_on = progress == Progress::sent || progress == Progress::asking;
  if (goes_on) return {Kind::swallowed, as_it_is.sending, as_it_is.attached};
  sending.transaction = over;
  return as_it_is;
}

// It goes nowhere any more, but its transaction may be there for long.
void Sender::end_of_targets(Sending& sending) {
  sending.kept.reset();
  sending.search.reset();
}

std::expected<void, SendError> Sender::cancel(Instant now, Handle<Sending> handle) {
  Sending* const sending = sendings_.find(handle);
  if (sending == nullptr) return std::unexpected(SendError::stale_transaction);
  sending->cancelled = true;
  if (!sending->waiter) return engine_.cancel(now, sending->transaction);
  resolver_.forget(sending->waiter);
  sending->waiter = {};
  end(*sending);
  return {};
}

// The engine has nothing more to say of it.
void Sender::end(Sending& sending) {
  ++counters_.unreachable;
  sending.transaction = {};
  ended_.push_back(sending);
}

std::optional<Sender::Ended> Sender::next_ended() {
  if (told_ != nullptr) release_if_over(*std::exchange(told_, nullptr));
  Sending* const sending = ended_.first();
  if (sending == nullptr) return std::nullopt;
  ended_.remove(*sending);
  told_ = sending;
  sending->is_told = true;
  constexpr std::uint16_t request_timeout = 408, service_unavailable = 503;
  const bool timed_out =
      sending->attempt_count != 0 && last_attempt(*sending).end == AttemptEnd::timed_out;
  return Ended{sendings_.handle_of(sending->slot), sending->attached,
               timed_out ? request_timeout : service_unavailable, sending->reason};
}

// Between its end and the next call of next_ended() it is there for its history.
void Sender::release_if_over(Sending& sending) {
  if (sending.is_told && sending.alive == 0 && told_ != &sending) release(sending);
}

void Sender::release(Sending& sending) {
  sendings_.release(sendings_.handle_of(sending.slot));
}

std::span<const Attempt> Sender::history(Handle<Sending> handle) {
  const Sending* const sending = sendings_.find(handle);
  if (sending == nullptr) return {};
  return {sending->attempts.data(), sending->attempt_count};
}

}  // namespace sipring
