// The independent model of the transaction timers: it sees what one engine receives, sends, tells
// its user and is told by it, and says when that must be otherwise.
//
// Each retransmission, 100, TimedOut and Terminated has its time (timer_rules.h), which an engine
// may miss by the granularity of its clockwork, and by as much as it was not asked to advance.
// What is too early, too late, missing or superfluous ends the run with the timer's name.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/pools/handle.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/simulation/reading.h"
#include "tests/simulation/timer_rules.h"

namespace sipring {
struct Transaction;
}  // namespace sipring

namespace sipring::simulation {

// Of one input and the outputs that it led to.
struct Occasion {
  bool advanced = false;                       // the input was the time
  bool made_transaction = false;               // receiving alone made one
  bool is_short = false;                       // buffers or transactions may have been used up
  std::optional<std::uint64_t> undelivered{};  // the input was this transaction's message
  std::uint32_t alive = 0;                     // transactions, when all outputs were taken
  bool has_forgotten = false;                  // some, to make room, since the start
};

class TimerModel {
 public:
  TimerModel(const TimerRules::Values& values, Duration granularity, std::uint32_t transactions)
      : rules_(values), granularity_(granularity), slots_(transactions) {}

  // Octets come, whatever they are; then, when they are a message, what it is. Both before the
  // engine has them.
  void octets_arrive() { may_reject_ = true; }
  void arrives(Instant now, const Reading& message);
  // What the user did, after the engine has agreed.
  void user_sent(Instant now, Handle<Transaction> handle, bool is_invite, bool is_reliable);
  void user_sent_statelessly() { ++stateless_; }
  void user_responded(Instant now, Handle<Transaction> handle, int status);
  void user_repeated(Handle<Transaction> handle);
  void user_acknowledged(Instant now, Handle<Transaction> handle);
  // Another 2xx than that which the transaction repeats (RFC 6026 section 7.1).
  void user_forwarded_another(Handle<Transaction> handle);
  // `agreed`: it goes out now, or with the first provisional response; otherwise there was no room.
  void user_cancelled(Instant now, Handle<Transaction> handle, bool agreed);
  // Outputs.
  void sends(Instant now, const Reading& message);
  void tells_request(Instant now, Handle<Transaction> handle);
  void tells_timeout(Instant now, Handle<Transaction> handle);
  void tells_failure(Handle<Transaction> handle);
  void tells_end(Instant now, Handle<Transaction> handle);
  void tells_forgotten(Instant now, Handle<Transaction> handle);
  // There are no more outputs.
  void settle(Instant now, const Occasion& occasion);

  // An engine that wants to wake later than this sleeps too long.
  void check_next_deadline(Instant next_deadline);
  [[nodiscard]] std::uint64_t checked() const { return checked_; }  // timers seen in time

 private:
  using Id = std::uint32_t;
  struct Record {
    Id id = 0;
    History history;
    Handle<Transaction> handle;  // null: the engine's own, of which nobody is told
    std::uint64_t key = 0;
    std::uint64_t rest = 0;        // of the request, as in Reading
    std::uint64_t copied = 0;      // of the request that came first
    std::uint64_t octets = 0;      // of what a retransmission repeats; 0: nothing yet
    std::uint64_t ack_octets = 0;  // INVITE client
    // What must be sent before the last output is taken.
    std::uint8_t fresh = 0, again = 0, acks = 0, cancels = 0, others = 0;
    bool may_lack_cancel = false;  // it goes out by the engine's own doing
    bool cancel_wanted = false, cancel_sent = false;
    bool timed_out = false, failed = false;
    bool is_forged = false;  // the request that came last is not the one that came first
    bool is_unsure = false;  // of own_: it may have ended just when a retransmission came
    bool is_alive = false, is_touched = false;
  };
  struct Deadline {
    Instant at;
    Id id;
    friend bool operator>(const Deadline& a, const Deadline& b) { return a.at > b.at; }
  };

  Record& create(Role role, Instant now, bool is_reliable);
  void name(Record& record, std::uint64_t key);
  void tell(Record& record, Handle<Transaction> handle);
  void erase(Record& record);
  [[nodiscard]] static std::uint64_t key_of(Handle<Transaction> handle) {
    return std::uint64_t{handle.slot} << 32 | handle.generation;
  }
  Record& of(Handle<Transaction> handle);
  Record* find(std::uint64_t key);
  void touch(Record& record);

  void request_arrives(Instant now, const Reading& message);
  void request_again(Record& record);
  void response_arrives(Instant now, const Reading& message);
  void final_arrives(Instant now, Record& record, int status);
  void sends_ack(const Reading& message);
  void sends_cancel(Instant now, const Reading& message);
  void sends_request(Instant now, const Reading& message);
  void sends_response(Instant now, const Reading& message);
  void sends_in_time(Instant now, Record& record, const Reading& message);

  void adopt_own(Instant now);
  void settle_touched(Instant now, Record& record);
  void settle_debts(Record& record);
  void settle_overdue();
  void settle_overdue(Record& record);
  void settle_own(Instant now, const Occasion& occasion);
  void settle_unsure(Instant now, Record& record, bool made_transaction);
  void start_anew();
  void forget_undelivered(std::uint64_t key);
  [[nodiscard]] std::optional<RfcTimer> timer_of(const Deadline& deadline) const;
  [[noreturn]] void miscounted(std::string_view how) const;

  TimerRules rules_;
  Duration granularity_;
  std::deque<Record> records_;  // by Id; freed ones are used again
  std::vector<Id> free_;
  std::unordered_map<std::uint64_t, Id> by_key_;
  std::uint32_t slots_;
  std::unordered_map<std::uint64_t, Id> by_handle_;  // a slot may be taken before its end is told
  std::vector<Id> own_;                              // without a handle
  std::vector<Id> touched_;                          // since the last input
  std::deque<Id> unnamed_;                           // requests whose octets have not been seen
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
  std::size_t told_ = 0;  // records with a handle
  // Of the message that is being handled.
  std::optional<Reading> arrival_;
  std::optional<Reading> rejection_;
  bool may_reject_ = false, told_request_ = false;
  std::uint64_t stateless_ = 0;
  Instant advanced_to_ = Instant::min();
  bool was_short_ = false;     // since nothing was alive last
  bool is_uncertain_ = false;  // whether some of own_ are alive is not known
  bool is_doubtful_ = false;   // two transactions that the model cannot tell apart
  std::uint64_t checked_ = 0;
};

}  // namespace sipring::simulation
