// What an engine makes of it: each output has its time and its reason.
// SPDX-License-Identifier: MIT

#include "tests/simulation/broken.h"
#include "tests/simulation/timer_model.h"

namespace sipring::simulation {
namespace {

// The timer that would have sent it, when it sends nothing now.
RfcTimer sender_of(Role role, int status) {
  switch (role) {
    case Role::invite_client: return RfcTimer::a;
    case Role::client: return RfcTimer::e;
    case Role::invite_server: return status >= 200 ? RfcTimer::g : RfcTimer::trying;
    case Role::server: break;
  }
  return RfcTimer::trying;
}

}  // namespace

void TimerModel::sends(Instant now, const Reading& message) {
  if (is_doubtful_) return;
  if (!message.is_request()) return sends_response(now, message);
  if (message.method == Method::ack) return sends_ack(message);
  if (Record* record = find(message.key)) return sends_in_time(now, *record, message);
  message.method == Method::cancel ? sends_cancel(now, message) : sends_request(now, message);
}

void TimerModel::sends_ack(const Reading& message) {
  Record* record = find(message.invite);
  if (record == nullptr || record->history.status < 300) {
    require(stateless_ > 0, "an ACK for nothing (RFC 3261 section 13.2.2.4)");
    --stateless_;
    return;
  }
  require(record->acks > 0, "a superfluous ACK (RFC 3261 section 17.1.1.2)");
  --record->acks;
  const bool is_same = record->ack_octets == 0 || record->ack_octets == message.octets;
  require(is_same, "an ACK that differs from the one before it");
  record->ack_octets = message.octets;
}

void TimerModel::sends_cancel(Instant now, const Reading& message) {
  Record* invite = find(message.invite);
  require(
      invite != nullptr && invite->cancels > 0,
      "a CANCEL that nobody asked for, or before a provisional response (RFC 3261 section 9.1)");
  invite->cancels = 0;
  invite->cancel_sent = true;
  Record& record = create(Role::client, now, message.is_reliable);
  own_.push_back(record.id);
  record.octets = message.octets;
  name(record, message.key);
}

// A new one of the user's: they go out in the order in which they were asked for.
void TimerModel::sends_request(Instant, const Reading& message) {
  require(!unnamed_.empty(), "a request that nobody asked for");
  Record& record = records_[unnamed_.front()];
  unnamed_.pop_front();
  const bool is_invite = record.history.role == Role::invite_client;
  require((message.method == Method::invite) == is_invite, "a request goes out as another");
  record.fresh = 0;
  record.octets = message.octets;
  name(record, message.key);
}

void TimerModel::sends_response(Instant now, const Reading& message) {
  // What is no proper message may bear the marks of a transaction, and is refused all the same.
  const bool is_refusal = may_reject_ && !arrival_;
  Record* record = is_refusal ? nullptr : find(message.key);
  if (record == nullptr) {
    require(may_reject_, "a response for no transaction");
    may_reject_ = false;
    rejection_ = message;
    return;
  }
  if (record->is_unsure) {
    record->octets = message.octets;
    return;
  }
  if (record->fresh > 0) {
    --record->fresh;
    record->octets = message.octets;
    return;
  }
  if (record->others > 0 && record->octets != message.octets) {
    --record->others;
    return;
  }
  if (record->again == 0) return sends_in_time(now, *record, message);
  --record->again;
  // One that is not kept is written from the request that came again (RFC 3261 section 17.2.2).
  require(record->octets == message.octets || record->is_forged,
          "a retransmitted response is another one");
}

void TimerModel::sends_in_time(Instant now, Record& record, const Reading& message) {
  History& history = record.history;
  const bool is_given_up = message.status == 503 && history.begun == now && !history.final;
  if (is_given_up) return;  // no buffer for a request that was to wait
  const std::optional<Due> due = rules_.next_sending(history);
  if (!due) broken(sender_of(history.role, history.status), "sends what is superfluous");
  if (now < due->at) broken(due->timer, "sends too early");
  ++checked_;
  touch(record);
  if (due->timer == RfcTimer::trying) {
    require(message.status == 100, "a response that no user gave");
    history.tried = true;
    history.provisional = now;
    record.octets = message.octets;
    return;
  }
  if (record.octets != message.octets) broken(due->timer, "sends something else");
  rules_.sent_again(history, now);
}

void TimerModel::tells_request(Instant now, Handle<Transaction> handle) {
  require(arrival_ && arrival_->is_request(), "a request that has not come");
  if (const Record* known = find(arrival_->key)) {
    const std::optional<Due> end = rules_.end(known->history);
    if (!is_doubtful_ && end) broken(end->timer, "has not kept a retransmission from its user");
    require(is_doubtful_, "a retransmission is taken for a new request");
  }
  const bool is_invite = arrival_->method == Method::invite;
  Record& record =
      create(is_invite ? Role::invite_server : Role::server, now, arrival_->is_reliable);
  record.rest = arrival_->rest;
  record.copied = arrival_->copied;
  name(record, arrival_->key);
  tell(record, handle);
  told_request_ = true;
}

void TimerModel::tells_timeout(Instant now, Handle<Transaction> handle) {
  if (is_doubtful_) return;
  Record& record = of(handle);
  const std::optional<Due> end = rules_.end(record.history);
  require(end.has_value(), "a timeout while nothing runs out");
  if (!gives_up(end->timer)) broken(end->timer, "reports a timeout");
  if (now < end->at) broken(end->timer, "runs out too early");
  ++checked_;
  record.timed_out = true;
  touch(record);
}

// Section 17.2.4 ends all but the server of an INVITE.
void TimerModel::tells_failure(Handle<Transaction> handle) {
  if (is_doubtful_) return;
  Record& record = of(handle);
  record.failed = record.history.role != Role::invite_server;
  touch(record);
}

void TimerModel::tells_end(Instant now, Handle<Transaction> handle) {
  Record& record = of(handle);
  if (is_doubtful_) return erase(record);
  const History& history = record.history;
  const std::optional<Due> end = rules_.end(history);
  const bool is_given_up = history.begun == now && !history.final;
  if (!record.timed_out && !record.failed && !is_given_up) {
    require(end.has_value(), "a transaction ended that nothing ends");
    if (gives_up(end->timer)) broken(end->timer, "ends its transaction without a timeout");
    if (now < end->at) broken(end->timer, "fires too early");
    ++checked_;
  }
  settle_debts(record);
  erase(record);
}

// Within that time its user must not have a retransmission taken for a new request.
void TimerModel::tells_forgotten(Instant now, Handle<Transaction> handle) {
  Record& record = of(handle);
  if (is_doubtful_) return erase(record);
  const std::optional<Instant> forgettable = rules_.forgettable(record.history);
  require(forgettable.has_value(), "a transaction is forgotten that has more to do than to wait");
  require(now >= *forgettable, "a transaction is forgotten too early");
  settle_debts(record);
  erase(record);
}

}  // namespace sipring::simulation
