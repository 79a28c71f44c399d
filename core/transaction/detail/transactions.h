// The transactions of a shard: finds them, moves their machines, fires their timers, sends what the
// tables say.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/counters.h>
#include <sipring/core/detail/outbox.h>
#include <sipring/core/limits.h>
#include <sipring/core/message/message.h>
#include <sipring/core/message/writer.h>
#include <sipring/core/overload/detail/sources.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/detail/answered.h>
#include <sipring/core/transaction/detail/jitter.h>
#include <sipring/core/transaction/detail/machine.h>
#include <sipring/core/transaction/detail/merged_requests.h>
#include <sipring/core/transaction/detail/transaction.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/handle.h>
#include <sipring/pools/pool.h>
#include <sipring/pools/table.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <utility>

namespace sipring {

namespace detail {
struct Arrival;
}  // namespace detail

struct TransactionOptions {
  TimerSettings timers;
  std::uint64_t jitter_seed = 0;
  bool finds_merged = true;  // section 8.2.2.2
};

class Transactions {
 public:
  Transactions(const Limits& limits, const TransactionOptions& options, MessageWriter& writer,
               Outbox& outbox, Counters& counters, std::pmr::memory_resource& memory);

  // A null handle when the pool is used up. The transaction is in its machine's start state; its
  // timers wait for start(), so that a request that is answered at once never arms any.
  // `make()` is called to build it in its place.
  template <class Make>
  [[nodiscard]] Handle<Transaction> create(Instant now, Make&& make) {
    const Handle<Transaction> handle = pool_.acquire_made(std::forward<Make>(make));
    if (handle) enrol(now, handle.slot);
    return handle;
  }
  // Whether another one gets in: the last slots are for requests within a dialog.
  [[nodiscard]] bool has_room(bool within_dialog) const {
    return pool_.size() + (within_dialog ? 0 : reserved_) < pool_.capacity();
  }
  // Before another one begins: when the pool is nearly full, the two that were answered first make
  // way, if they are old enough (answered.h).
  void make_room(Instant now) {
    if (pool_.size() >= pressure_) [[unlikely]]
      relieve(now);
  }
  // The few that were answered first make way for what finds no buffer. False when none is old
  // enough.
  bool make_buffers(Instant now);
  // Runs the timers of the state it is in.
  void start(Instant now, Handle<Transaction> handle);
  [[nodiscard]] Handle<Transaction> find(const TransactionKey& key);
  // Has the memory that find() will look at fetched meanwhile.
  void prefetch(const TransactionKey& key) const { table_.prefetch(key.hash.low); }
  [[nodiscard]] Transaction* find(Handle<Transaction> handle) { return pool_.find(handle); }
  // A server transaction of the same request that came by another way.
  [[nodiscard]] bool has_merged(std::uint64_t merge_key) {
    return merged_.contains(merge_key,
                            [&](std::uint32_t slot) { return pool_.at(slot).merge_key; });
  }
  [[nodiscard]] const MergedRequests& merged() const { return merged_; }
  // For a transaction that never came to life: no output tells of it.
  void discard(Handle<Transaction> handle);
  // Ends it where its machine would not: its user is told as of any end.
  void abandon(Handle<Transaction> handle);

  // One event of the figure; `arrival`: the message that it stands for. False when the machine has
  // no row for it.
  bool step(Instant now, Handle<Transaction> handle, Event event,
            const detail::Arrival* arrival = nullptr);
  // A timer that no state lists: after a CANCEL its INVITE has 64*T1 left (section 9.1).
  void start_timer_b(Instant now, Handle<Transaction> handle);
  // From the first provisional on (before it timer B runs), and from now on where there was one.
  void set_timer_c(Instant now, Handle<Transaction> handle, Duration after);
  // The INVITE that timer C has ended the patience for: its CANCEL is to be sent. Null: none.
  [[nodiscard]] Handle<Transaction> take_due_cancel() {
    return due_cancel_ ? std::exchange(due_cancel_, {}) : due_cancel_;
  }

  // Fires one timer that is due; false when none is.
  bool fire_one(Instant now);
  [[nodiscard]] Instant next_deadline() const { return wheel_.next_deadline(); }

  [[nodiscard]] std::uint32_t size() const { return pool_.size(); }
  [[nodiscard]] std::uint32_t highest() const { return pool_.highest(); }
  [[nodiscard]] std::uint32_t capacity() const { return pool_.capacity(); }
  [[nodiscard]] std::span<std::byte> coming_memory() { return first_coming(pool_, wheel_); }
  [[nodiscard]] std::uint32_t timers_armed() const { return wheel_.size(); }
  [[nodiscard]] const TimerSettings& timer_settings() const { return timers_; }
  // Whether table, wheel and pool tell one story; slow, for tests.
  [[nodiscard]] bool is_consistent() const;
  // A server transaction's end is counted there.
  void release_to(Sources& sources) { sources_ = &sources; }
  void fail_nth_create(std::uint64_t nth) { pool_.fail_nth_acquire(nth); }

 private:
  enum Which : std::uint32_t { retransmission, lifetime };  // of a transaction's two timers

  static const TransactionMachine& machine_of(const Transaction& transaction);
  static std::uint32_t timer_id(std::uint32_t slot, Which which) { return slot * 2 + which; }

  void act(Instant now, Handle<Transaction> handle, Transaction& transaction, Action action,
           const detail::Arrival* arrival);
  void pass_up(Handle<Transaction> handle, const Transaction& transaction,
               const detail::Arrival* arrival);
  void send_ack(Handle<Transaction> handle, Transaction& transaction,
                const detail::Arrival* arrival);
  void send_100(Handle<Transaction> handle, Transaction& transaction);
  void send(Handle<Transaction> handle, const Transaction& transaction, const Ref<Buffer>& bytes);

  void enrol(Instant now, std::uint32_t slot);
  void enter(Instant now, std::uint32_t slot, Transaction& transaction, State state);
  static void forget_messages(Transaction& transaction);
  [[nodiscard]] Duration first_wait(Timer timer, const Transaction& transaction) const;
  void restart_timer_c(Instant now, std::uint32_t slot, const Transaction& transaction,
                       const detail::Arrival* arrival);
  void run(Instant now, std::uint32_t slot, Transaction& transaction, Which which, Timer timer);
  void repeat(Instant now, std::uint32_t slot, Transaction& transaction);
  void relieve(Instant now);
  bool forget_oldest(Instant now, Answered::Among among);
  void report_end(Handle<Transaction> handle, const Transaction& transaction, EndReason reason);
  void release(Handle<Transaction> handle, const Transaction& transaction);

  TimerSettings timers_;
  Jitter jitter_;
  std::uint32_t reserved_;  // slots
  std::uint32_t pressure_;  // with so many alive, answered ones are forgotten
  Answered answered_;
  Sources* sources_ = nullptr;
  MessageWriter& writer_;
  Outbox& outbox_;
  Counters& counters_;
  Pool<Transaction> pool_;
  Table table_;
  MergedRequests merged_;
  TimerWheel wheel_;
  Message scratch_;  // a stored message, parsed anew
  Handle<Transaction> due_cancel_;
};

}  // namespace sipring
