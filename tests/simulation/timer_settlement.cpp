// When all outputs are taken: what was owed has been sent, what was due has been done.
// SPDX-License-Identifier: MIT
#include <algorithm>

#include "tests/simulation/broken.h"
#include "tests/simulation/timer_model.h"

namespace sipring::simulation {

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
  settle_own(now, occasion);
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
  record.rest = arrival_ ? arrival_->rest : 0;
  record.copied = arrival_ ? arrival_->copied : 0;
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
    require(record.others == 0, "another 2xx has not gone on");
    require(record.again == 0 || forgives,
            "a retransmission is not answered (RFC 3261 section 17.2)");
    require(record.acks == 0 || forgives, "no ACK is sent (RFC 3261 section 17.1.1.2)");
    require(record.cancels == 0 || (record.may_lack_cancel && forgives),
            "no CANCEL is sent (RFC 3261 section 9.1)");
  }
  record.fresh = record.again = record.acks = record.cancels = record.others = 0;
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
void TimerModel::settle_own(Instant now, const Occasion& occasion) {
  const auto may_be_gone = [&](const Record& record) {
    const std::optional<Due> end = rules_.end(record.history);
    const std::optional<Instant> forgettable = rules_.forgettable(record.history);
    return (end && end->at <= advanced_to_) ||
           (occasion.has_forgotten && forgettable && *forgettable <= now);
  };
  is_uncertain_ = false;
  if (is_doubtful_) return;
  std::size_t certain = told_, uncertain = 0;
  for (const Id id : own_) ++(may_be_gone(records_[id]) ? uncertain : certain);
  if (occasion.alive < certain) miscounted("ends a transaction without a word or too early");
  if (occasion.alive > certain + uncertain) miscounted("has not ended a transaction");
  is_uncertain_ = uncertain != 0 && occasion.alive != certain + uncertain;
  if (!is_uncertain_ || occasion.alive != certain) return;
  for (const Id id : std::vector(own_)) {
    if (may_be_gone(records_[id])) erase(records_[id]);
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
  broken("transactions are alive, or not, that nobody knows of");
}

void TimerModel::check_next_deadline(Instant next_deadline) {
  if (is_uncertain_ || is_doubtful_) return;
  while (!deadlines_.empty() && next_deadline > deadlines_.top().at + granularity_) {
    const Deadline first = deadlines_.top();
    const std::optional<RfcTimer> timer = timer_of(first);
    // A 100 for which there was no buffer has had its time.
    const bool had_none = timer == RfcTimer::trying && was_short_ && first.at <= advanced_to_;
    if (timer && !had_none) broken(*timer, "is due before the engine wants to wake");
    if (had_none) records_[first.id].history.tried = true;
    deadlines_.pop();
  }
}

}  // namespace sipring::simulation
