// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/transactions.h>

#include <sipring/core/detail/arrival.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/transaction/detail/client.h>
#include <sipring/core/transaction/detail/invite_client.h>
#include <sipring/core/transaction/detail/invite_server.h>
#include <sipring/core/transaction/detail/server.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <utility>

namespace sipring {

Transactions::Transactions(const Limits& limits, const TransactionOptions& options,
                           MessageWriter& writer, Outbox& outbox, Counters& counters,
                           std::pmr::memory_resource& memory)
    : timers_(options.timers),
      jitter_(options.timers.jitter_per_mille, options.jitter_seed),
      reserved_(limits.one_reserved_of == 0 ? 0 : limits.transactions / limits.one_reserved_of),
      pressure_(transactions_before_pressure(limits)),
      answered_(options.timers, limits.remember_at_least),
      writer_(writer),
      outbox_(outbox),
      counters_(counters),
      pool_(limits.transactions, memory),
      table_(limits.transactions, memory),
      merged_(options.finds_merged ? limits.transactions : 0, memory),
      wheel_(limits.transactions * 2, memory),
      scratch_(limits.headers, memory) {
  SIPRING_ASSERT(problem_of(timers_).empty());
}

const TransactionMachine& Transactions::machine_of(const Transaction& transaction) {
  static constexpr const TransactionMachine* machines[] = {
      &invite_client::machine, &invite_server::machine, &client::machine, &server::machine};
  return *machines[std::to_underlying(transaction.kind)];
}

void Transactions::enrol(Instant now, std::uint32_t slot) {
  Transaction& created = pool_.at(slot);
  const bool inserted = table_.insert(created.key.hash.low, slot);
  SIPRING_ASSERT(inserted);  // the table has room for every slot
  if (created.merge_key != 0) merged_.insert(created.merge_key, slot);
  ++counters_.transactions_created;
  created.created = Beginning(now);
  created.state = machine_of(created).start();
}

void Transactions::start(Instant now, Handle<Transaction> handle) {
  if (Transaction* transaction = pool_.find(handle)) {
    enter(now, handle.slot, *transaction, transaction->state);
  }
}

Handle<Transaction> Transactions::find(const TransactionKey& key) {
  const auto slot = table_.find(
      key.hash.low, [&](std::uint32_t candidate) { return pool_.at(candidate).key == key; });
  return slot ? pool_.handle_of(*slot) : Handle<Transaction>{};
}

void Transactions::discard(Handle<Transaction> handle) {
  const Transaction* transaction = pool_.find(handle);
  SIPRING_ASSERT(transaction != nullptr);
  release(handle, *transaction);
}

void Transactions::abandon(Handle<Transaction> handle) {
  const Transaction* transaction = pool_.find(handle);
  SIPRING_ASSERT(transaction != nullptr);
  if (transaction->attached != 0) report_end(handle, *transaction, EndReason::no_room);
  release(handle, *transaction);
}

bool Transactions::step(Instant now, Handle<Transaction> handle, Event event,
                        const detail::Arrival* arrival) {
  Transaction* transaction = pool_.find(handle);
  SIPRING_ASSERT(transaction != nullptr);
  const TransactionMachine::Transition& transition =
      machine_of(*transaction).on(transaction->state, event);
  if (!transition.exists) return false;
  for (const Action action : transition.actions) act(now, handle, *transaction, action, arrival);
  if (transition.to == State::terminated) {
    if (transaction->attached != 0) report_end(handle, *transaction, end_reason_of(event));
    release(handle, *transaction);
  } else if (transition.to != transaction->state) {
    if (is_final(event)) {
      counters_.durations[std::to_underlying(transaction->kind)].record(
          transaction->created.until(now));
    }
    enter(now, handle.slot, *transaction, transition.to);
    const bool ended_at_once = transaction->running.lifetime != Timer::none &&
                               !wheel_.armed(timer_id(handle.slot, lifetime));
    if (ended_at_once) step(now, handle, event_of(transaction->running.lifetime));
  }
  return true;
}

void Transactions::act(Instant now, Handle<Transaction> handle, Transaction& transaction,
                       Action action, const detail::Arrival* arrival) {
  switch (action) {
    case Action::none: return;
    case Action::pass_up: return pass_up(handle, transaction, arrival);
    case Action::send_request:
      ++counters_.retransmissions_sent;
      return send(handle, transaction, transaction.request);
    case Action::send_ack: return send_ack(handle, transaction, arrival);
    case Action::send_response: return send(handle, transaction, transaction.reply);
    case Action::send_100: return send_100(handle, transaction);
    case Action::send_cancel: due_cancel_ = handle; return;  // the engine writes it
    case Action::restart_timer_c: return restart_timer_c(now, handle.slot, transaction, arrival);
    case Action::report_timeout:
      ++counters_.transactions_timed_out;
      if (!transaction.quiet)
        outbox_.push(TimedOut{handle, transaction.attached, transaction.kind, transaction.state});
      return;
    case Action::report_timer_c: return outbox_.push(TimerCFired{handle, transaction.attached});
    case Action::report_transport_error:
      ++counters_.transport_errors;
      if (!transaction.quiet)
        outbox_.push(
            TransportFailed{handle, transaction.attached, transaction.kind, transaction.state});
      return;
  }
}

void Transactions::pass_up(Handle<Transaction> handle, const Transaction& transaction,
                           const detail::Arrival* arrival) {
  if (transaction.quiet) return;
  if (transaction.is_server()) {  // an ACK for a 2xx that shares the INVITE's branch
    outbox_.push(RequestReceived{{}, &arrival->message, &arrival->envelope, &arrival->received});
  } else {
    outbox_.push(ResponseReceived{handle, &arrival->message, &arrival->envelope, &arrival->received,
                                  transaction.attached});
  }
}

// The ACK is made once and sent again for every retransmission of the final response.
void Transactions::send_ack(Handle<Transaction> handle, Transaction& transaction,
                            const detail::Arrival* arrival) {
  if (transaction.reply) {
    ++counters_.retransmissions_received;
    ++counters_.retransmissions_sent;
  } else {
    const bool parsed = parse(transaction.request->view(), scratch_, no_limits).has_value();
    SIPRING_ASSERT(parsed);
    const std::string_view to = arrival->message.first(HeaderId::to).value_or("");
    transaction.reply = writer_.ack(scratch_, to).value_or(Ref<Buffer>{});
    forget_messages(transaction);
  }
  send(handle, transaction, transaction.reply);
}

void Transactions::send_100(Handle<Transaction> handle, Transaction& transaction) {
  if (transaction.reply) return;
  const bool parsed = parse(transaction.request->view(), scratch_, no_limits).has_value();
  SIPRING_ASSERT(parsed);
  transaction.reply =
      writer_.response(scratch_, {}, {}, {}, {.status = 100}).value_or(Ref<Buffer>{});
  send(handle, transaction, transaction.reply);
}

// Nothing to send is ordinary: no response yet, or no buffer for it. The peer's retransmission asks
// again.
void Transactions::send(Handle<Transaction> handle, const Transaction& transaction,
                        const Ref<Buffer>& bytes) {
  if (!bytes) return;
  outbox_.transmit(bytes, transaction.peer, transaction.flow, transaction.key.lane(), handle);
}

void Transactions::start_timer_b(Instant now, Handle<Transaction> handle) {
  Transaction* transaction = pool_.find(handle);
  SIPRING_ASSERT(transaction != nullptr && transaction->kind == Transaction::Kind::invite_client);
  run(now, handle.slot, *transaction, lifetime, Timer::b);
}

void Transactions::set_timer_c(Instant now, Handle<Transaction> handle, Duration after) {
  Transaction* transaction = pool_.find(handle);
  SIPRING_ASSERT(transaction != nullptr && transaction->kind == Transaction::Kind::invite_client);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(after).count();
  transaction->of_kind.timer_c = decltype(transaction->of_kind.timer_c)(
      static_cast<std::uint16_t>(std::min<std::int64_t>(seconds, 65'535)));
  if (transaction->state != State::proceeding) return;
  transaction->running.lifetime = Timer::none;
  wheel_.stop(timer_id(handle.slot, lifetime));
  run(now, handle.slot, *transaction, lifetime, Timer::c);
}

void Transactions::restart_timer_c(Instant now, std::uint32_t slot, const Transaction& transaction,
                                   const detail::Arrival* arrival) {
  if (transaction.running.lifetime != Timer::c || arrival->message.status() == 100) return;
  wheel_.arm(timer_id(slot, lifetime), now + transaction.of_kind.timer_c);
}

bool Transactions::fire_one(Instant now) {
  const std::optional<std::uint32_t> id = wheel_.pop_due(now);
  if (!id) return false;
  const std::uint32_t slot = *id / 2;
  Transaction& transaction = pool_.at(slot);
  const bool is_retransmission = *id % 2 == retransmission;
  const Timer timer =
      is_retransmission ? transaction.running.retransmission : transaction.running.lifetime;
  if (repeats(timer)) repeat(now, slot, transaction);
  if (timer == Timer::g) ++counters_.retransmissions_sent;
  step(now, pool_.handle_of(slot), event_of(timer));
  return true;
}

void Transactions::enter(Instant now, std::uint32_t slot, Transaction& transaction, State state) {
  transaction.state = state;
  forget_messages(transaction);
  const StateTimers timers = machine_of(transaction).timers(state);
  run(now, slot, transaction, retransmission, timers.retransmission);
  run(now, slot, transaction, lifetime, timers.lifetime);
}

// A client that has its final response sends no request again and cancels none. What may live for
// half a minute more need not keep its octets, but for the ACK that is yet to be written from them.
// Nor does a server whose response has been acknowledged send it again.
void Transactions::forget_messages(Transaction& transaction) {
  if (transaction.state == State::confirmed) return transaction.reply.reset();
  if (!transaction.request || transaction.is_server()) return;
  const bool is_answered =
      transaction.state == State::accepted || transaction.state == State::completed;
  const bool owes_ack =
      transaction.is_invite() && transaction.state == State::completed && !transaction.reply;
  if (is_answered && !owes_ack) transaction.request.reset();
}

Duration Transactions::first_wait(Timer timer, const Transaction& transaction) const {
  if (timer == Timer::c) return transaction.of_kind.timer_c;
  return duration(timer, transaction.is_invite(), is_reliable(transaction.peer.transport), timers_);
}

// A timer that both states list runs on.
void Transactions::run(Instant now, std::uint32_t slot, Transaction& transaction, Which which,
                       Timer timer) {
  Timer& running =
      which == retransmission ? transaction.running.retransmission : transaction.running.lifetime;
  if (timer == Timer::c && transaction.of_kind.timer_c.count() == 0) timer = Timer::none;
  if (running == timer) return;
  running = timer;
  const std::uint32_t id = timer_id(slot, which);
  const Duration after = first_wait(timer, transaction);
  if (after == no_timer || after == Duration{}) return wheel_.stop(id);
  if (which == lifetime) {
    const auto queue =
        answered_.queue_of(timer, transaction.created.until(now), !transaction.is_rewritten);
    return queue ? wheel_.arm_in_order(*queue, id, now + after) : wheel_.arm(id, now + after);
  }
  if (timer == Timer::trying) return wheel_.arm(id, now + after);
  transaction.retransmissions = 0;
  wheel_.arm(id, now + jitter_.lengthen(after));
}

void Transactions::repeat(Instant now, std::uint32_t slot, Transaction& transaction) {
  const Duration wait =
      retransmission_interval(transaction.running.retransmission, transaction.state,
                              ++transaction.retransmissions, timers_);
  wheel_.arm(timer_id(slot, retransmission), now + jitter_.lengthen(wait));
}

void Transactions::report_end(Handle<Transaction> handle, const Transaction& transaction,
                              EndReason reason) {
  outbox_.push(Terminated{handle, transaction.attached, reason, transaction.state});
}

void Transactions::release(Handle<Transaction> handle, const Transaction& transaction) {
  if (transaction.running.retransmission != Timer::none) {
    wheel_.stop(timer_id(handle.slot, retransmission));
  }
  wheel_.stop(timer_id(handle.slot, lifetime));
  table_.erase(transaction.key.hash.low, handle.slot);
  if (transaction.merge_key != 0) merged_.erase(transaction.merge_key, handle.slot);
  if (sources_ != nullptr) sources_->release(transaction.source);
  pool_.release(handle);
}

bool Transactions::is_consistent() const {
  return table_.size() == pool_.size() && merged_.size() <= pool_.size() &&
         wheel_.size() <= 2 * pool_.size();
}

}  // namespace sipring
