// What an engine makes of it: each output has its time and its reason.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include "tests/simulation/broken.h"
#include "tests/simulation/timer_model.h"

namespace sipring::simulation {
namespace {

[[noreturn]] void broken(RfcTimer timer, std::string_view how) {
  simulation::broken(std::string(to_string(timer)) + " " + std::string(how));
}

// The others end a transaction in silence.
bool gives_up(RfcTimer timer) {
  return timer == RfcTimer::b || timer == RfcTimer::f || timer == RfcTimer::h ||
         timer == RfcTimer::unanswered;
}

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
  require(invite != nullptr && invite->cancels > 0,
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
  if (record->again == 0) return sends_in_time(now, *record, message);
  --record->again;
  require(record->octets == message.octets, "a retransmitted response is another one");
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
    if (!arrival_->has_cookie) is_doubtful_ = true;
    const std::optional<Due> end = rules_.end(known->history);
    if (!is_doubtful_ && end) broken(end->timer, "has not kept a retransmission from its user");
    require(is_doubtful_, "a retransmission is taken for a new request");
  }
  const bool is_invite = arrival_->method == Method::invite;
  Record& record =
      create(is_invite ? Role::invite_server : Role::server, now, arrival_->is_reliable);
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

void TimerModel::settle(Instant now, const Occasion& occasion) {
  was_short_ = was_short_ || occasion.is_short;
  if (occasion.made_transaction && !told_request_ && rejection_) adopt_own(now);
  for (const Id id : touched_) {
    Record& record = records_[id];
    record.is_touched = false;
    if (record.is_unsure) settle_unsure(now, record, occasion.made_transaction);
    if (record.is_alive) settle_touched(now, record);
  }
  touched_.clear();
  require(unnamed_.empty() || is_doubtful_, "a request has not gone out");
  require(stateless_ == 0 || is_doubtful_, "an ACK has not gone out");
  if (occasion.undelivered) forget_undelivered(*occasion.undelivered);
  if (occasion.advanced) advanced_to_ = now, settle_overdue();
  settle_own(occasion);
  arrival_.reset(), rejection_.reset();
  told_request_ = may_reject_ = false;
  if (occasion.alive == 0 && told_ == 0) start_anew();
}

// Nothing is alive: nothing is left that the model could not know.
void TimerModel::start_anew() {
  was_short_ = false;
  if (!is_doubtful_) return;
  while (!own_.empty()) erase(records_[own_.back()]);
  by_key_.clear(), unnamed_.clear();
  stateless_ = 0;
  is_doubtful_ = false;
}

// A retransmission for the old transaction, or the first request of one in its place.
void TimerModel::settle_unsure(Instant now, Record& record, bool made_transaction) {
  record.is_unsure = false;
  if (made_transaction) record.history.begun = now, record.history.final = now;
}

// A transaction of the engine's own: for a CANCEL, whose response was given at once.
void TimerModel::adopt_own(Instant now) {
  const bool is_invite = rejection_->method == Method::invite;
  Record& record =
      create(is_invite ? Role::invite_server : Role::server, now, rejection_->is_reliable);
  record.history.final = now;
  record.history.status = rejection_->status;
  record.octets = rejection_->octets;
  own_.push_back(record.id);
  name(record, rejection_->key);
}

void TimerModel::settle_touched(Instant now, Record& record) {
  settle_debts(record);
  if (is_doubtful_) return;
  require(!record.timed_out && !record.failed, "a transaction outlives its end");
  const std::optional<Due> sending = rules_.next_sending(record.history);
  const std::optional<Due> end = rules_.end(record.history);
  if (sending) deadlines_.push({sending->at, record.id});
  if (!end) return;
  const bool at_once = record.history.is_reliable && end->at == now && !gives_up(end->timer);
  if (!at_once) return deadlines_.push({end->at, record.id});
  if (record.handle) broken(end->timer, "waits over a reliable transport");
  erase(record);
}

void TimerModel::settle_debts(Record& record) {
  if (!is_doubtful_) {
    const bool forgives = was_short_;  // what must be written first may find no room
    require(record.fresh == 0, "a message of the user's has not gone out");
    require(record.again == 0, "a retransmission is not answered (RFC 3261 section 17.2)");
    require(record.acks == 0 || forgives, "no ACK is sent (RFC 3261 section 17.1.1.2)");
    require(record.cancels == 0 || (record.may_lack_cancel && forgives),
            "no CANCEL is sent (RFC 3261 section 9.1)");
  }
  record.fresh = record.again = record.acks = record.cancels = 0;
}

// nullopt: something has happened since then.
std::optional<RfcTimer> TimerModel::timer_of(const Deadline& deadline) const {
  const Record& record = records_[deadline.id];
  if (!record.is_alive) return std::nullopt;
  const std::optional<Due> sending = rules_.next_sending(record.history);
  if (sending && sending->at == deadline.at) return sending->timer;
  const std::optional<Due> end = rules_.end(record.history);
  return end && end->at == deadline.at ? std::optional(end->timer) : std::nullopt;
}

void TimerModel::settle_overdue() {
  while (!deadlines_.empty() && advanced_to_ - granularity_ >= deadlines_.top().at) {
    const Deadline deadline = deadlines_.top();
    deadlines_.pop();
    if (timer_of(deadline) && !is_doubtful_) settle_overdue(records_[deadline.id]);
  }
}

// Its time is past, and the engine has been told so.
void TimerModel::settle_overdue(Record& record) {
  const std::optional<Due> sending = rules_.next_sending(record.history);
  const std::optional<Due> end = rules_.end(record.history);
  if (end && end->at <= advanced_to_ - granularity_) {
    if (record.handle) broken(end->timer, "has not fired");
    return erase(record);
  }
  if (!sending || sending->at > advanced_to_ - granularity_) return;
  const bool forgives = sending->timer == RfcTimer::trying && was_short_;
  if (!forgives) broken(sending->timer, "has not sent");
  record.history.tried = true;
}

void TimerModel::forget_undelivered(std::uint64_t key) {
  Record* record = find(key);
  if (record == nullptr || record->handle) return;
  const History& history = record->history;
  const bool is_over = history.role == Role::client && history.final;
  if (!is_over && history.role != Role::invite_server) erase(*record);
}

// Nobody is told of the end of what is the engine's own, but it is known how many are alive.
void TimerModel::settle_own(const Occasion& occasion) {
  is_uncertain_ = false;
  if (is_doubtful_) return;
  std::size_t certain = told_, uncertain = 0;
  for (const Id id : own_) {
    const std::optional<Due> end = rules_.end(records_[id].history);
    ++(end && end->at <= advanced_to_ ? uncertain : certain);
  }
  if (occasion.alive < certain) miscounted("ends a transaction without a word or too early");
  if (occasion.alive > certain + uncertain) miscounted("has not ended a transaction");
  is_uncertain_ = uncertain != 0 && occasion.alive != certain + uncertain;
  if (!is_uncertain_ || occasion.alive != certain) return;
  for (const Id id : std::vector(own_)) {
    const std::optional<Due> end = rules_.end(records_[id].history);
    if (end && end->at <= advanced_to_) erase(records_[id]);
  }
  is_uncertain_ = false;
}

// The next of the engine's own to end is the likeliest one.
void TimerModel::miscounted(std::string_view how) const {
  std::optional<Due> first;
  for (const Id id : own_) {
    const std::optional<Due> end = rules_.end(records_[id].history);
    if (end && (!first || end->at < first->at)) first = end;
  }
  if (first) broken(first->timer, how);
  simulation::broken("transactions are alive, or not, that nobody knows of");
}

void TimerModel::check_next_deadline(Instant next_deadline) {
  if (is_uncertain_ || was_short_ || is_doubtful_) return;
  while (!deadlines_.empty() && next_deadline > deadlines_.top().at + granularity_) {
    if (const auto timer = timer_of(deadlines_.top()))
      broken(*timer, "is due before the engine wants to wake");
    deadlines_.pop();
  }
}

}  // namespace sipring::simulation
