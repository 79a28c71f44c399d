// What happens to a transaction: what comes, and what its user does.
// SPDX-License-Identifier: MIT
#include "tests/simulation/timer_model.h"

#include <algorithm>

#include "tests/simulation/broken.h"

namespace sipring::simulation {

TimerModel::Record& TimerModel::create(Role role, Instant now, bool is_reliable) {
  if (free_.empty()) {
    free_.push_back(static_cast<Id>(records_.size()));
    records_.emplace_back();
  }
  const Id id = free_.back();
  free_.pop_back();
  Record& record = records_[id] = {};
  record.id = id;
  record.history = {.role = role, .is_reliable = is_reliable, .begun = now};
  record.is_alive = true;
  rules_.start_sending(record.history, now);
  touch(record);
  return record;
}

void TimerModel::name(Record& record, std::uint64_t key) {
  record.key = key;
  by_key_[key] = record.id;
}

void TimerModel::tell(Record& record, Handle<Transaction> handle) {
  require(handle.slot < slots_, "a handle beyond the pool");
  record.handle = handle;
  by_handle_[key_of(handle)] = record.id;
  ++told_;
}

void TimerModel::erase(Record& record) {
  record.is_alive = false;
  const auto named = by_key_.find(record.key);
  if (named != by_key_.end() && named->second == record.id) by_key_.erase(named);
  if (record.handle) {
    --told_;
    by_handle_.erase(key_of(record.handle));
  } else {
    std::erase(own_, record.id);
  }
  free_.push_back(record.id);
}

TimerModel::Record& TimerModel::of(Handle<Transaction> handle) {
  const auto known = by_handle_.find(key_of(handle));
  require(known != by_handle_.end(), "a handle of no transaction");
  Record& record = records_.at(known->second);
  require(record.is_alive && record.handle == handle, "a handle of no transaction");
  return record;
}

TimerModel::Record* TimerModel::find(std::uint64_t key) {
  const auto named = by_key_.find(key);
  return named == by_key_.end() ? nullptr : &records_[named->second];
}

// Whatever happened to it, it is looked at again when all outputs are taken.
void TimerModel::touch(Record& record) {
  if (record.is_touched) return;
  record.is_touched = true;
  touched_.push_back(record.id);
}

void TimerModel::arrives(Instant now, const Reading& message) {
  arrival_ = message;
  if (message.is_request()) {
    request_arrives(now, message);
  } else {
    response_arrives(now, message);
  }
}

void TimerModel::request_arrives(Instant now, const Reading& message) {
  Record* record = find(message.key);
  if (record == nullptr) return;
  if (record->rest != message.rest) is_doubtful_ = true;  // one response would fit both
  if (message.method != Method::ack) {
    record->is_forged = record->copied != message.copied;
    return request_again(*record);
  }
  History& history = record->history;
  if (history.role != Role::invite_server || history.status < 300) return;
  if (!history.acknowledged) history.acknowledged = now;
  touch(*record);
}

// Sections 17.2.1 and 17.2.2: what was sent last is sent again, but for a 2xx (RFC 6026
// section 7.1), and not after the ACK.
void TimerModel::request_again(Record& record) {
  const History& history = record.history;
  const bool is_settled = history.role == Role::invite_server &&
                          (history.acknowledged || (history.final && history.status < 300));
  if (is_settled || record.octets == 0) return;
  touch(record);
  if (record.handle || !is_uncertain_) {
    ++record.again;
  } else {
    record.is_unsure = true;
  }
}

void TimerModel::response_arrives(Instant now, const Reading& message) {
  Record* record = find(message.key);
  if (record == nullptr) return;
  History& history = record->history;
  // One of the engine's own has ended, and it is not known which: this one, or another.
  if (!record->handle && is_uncertain_) is_doubtful_ = true;
  if (message.status >= 200) return final_arrives(now, *record, message.status);
  if (history.final) return;
  if (!history.provisional) history.provisional = now;
  // Section 9.1: what waited for a provisional response may go now.
  if (record->cancel_wanted && !record->cancel_sent) {
    if (!history.cancelled) history.cancelled = now;
    record->cancels = 1;
    record->may_lack_cancel = true;
  }
  touch(*record);
}

// Section 17.1.1.2: an ACK for each 300 to 699 that comes, unless a 2xx came before.
void TimerModel::final_arrives(Instant now, Record& record, int status) {
  History& history = record.history;
  if (!history.final) {
    history.final = now;
    history.status = status;
  }
  const bool is_invite = history.role == Role::invite_client;
  if (is_invite && status >= 300 && history.status >= 300) ++record.acks;
  touch(record);
}

void TimerModel::user_sent(Instant now, Handle<Transaction> handle, bool is_invite,
                           bool is_reliable) {
  Record& record = create(is_invite ? Role::invite_client : Role::client, now, is_reliable);
  tell(record, handle);
  ++record.fresh;
  unnamed_.push_back(record.id);
}

void TimerModel::user_responded(Instant now, Handle<Transaction> handle, int status) {
  Record& record = of(handle);
  History& history = record.history;
  ++record.fresh;
  touch(record);
  if (status < 200) {
    if (!history.provisional) history.provisional = now;
    return;
  }
  history.final = now;
  history.status = status;
  rules_.start_sending(history, now);  // Timer G
}

void TimerModel::user_repeated(Handle<Transaction> handle) {
  Record& record = of(handle);
  ++record.again;
  touch(record);
}

void TimerModel::user_acknowledged(Instant now, Handle<Transaction> handle) {
  Record& record = of(handle);
  if (!record.history.acknowledged) record.history.acknowledged = now;
  touch(record);
}

void TimerModel::user_forwarded_another(Handle<Transaction> handle) {
  Record& record = of(handle);
  ++record.others;
  touch(record);
}

void TimerModel::user_cancelled(Instant now, Handle<Transaction> handle, bool agreed) {
  Record& record = of(handle);
  record.cancel_wanted = true;
  if (!record.history.provisional) return;
  if (!record.history.cancelled) record.history.cancelled = now;
  record.cancels = agreed ? 1 : 0;
  record.may_lack_cancel = false;
  touch(record);
}

}  // namespace sipring::simulation
