// SPDX-License-Identifier: MIT
#include <sipring/core/detail/engine_core.h>

namespace sipring {

bool Engine::Core::fire_one() {
  Transactions& transactions = parts.transactions;
  if (fired_until_ == advanced_to) return false;
  if (!transactions.fire_one(advanced_to)) {
    fired_until_ = advanced_to;
    return false;
  }
  if (const auto invite = transactions.take_due_cancel()) {
    (void)requester.cancel(advanced_to, invite);
  }
  return true;
}

std::optional<Output> Engine::Core::next_output() {
  while (parts.outbox.empty()) {
    if (!fire_one() && !receiver.finish_arrival()) return std::nullopt;
  }
  return parts.outbox.pop();
}

void Engine::Core::transmit_failed(Instant now, Handle<Transaction> handle) {
  if (!parts.outbox.has_room() || parts.transactions.find(handle) == nullptr) return;
  parts.transactions.step(now, handle, Event::transport_error);
}

std::optional<TransactionStatus> Engine::Core::status(Handle<Transaction> handle) {
  const Transaction* transaction = parts.transactions.find(handle);
  if (transaction == nullptr) return std::nullopt;
  return TransactionStatus{.kind = transaction->kind,
                           .state = transaction->state,
                           .cancelled = transaction->cancelled,
                           .peer = transaction->peer,
                           .flow = transaction->flow,
                           .attached = transaction->attached};
}

const Message* Engine::Core::request(Handle<Transaction> handle) {
  const Transaction* transaction = parts.transactions.find(handle);
  if (transaction == nullptr || !transaction->is_server() || transaction->answered) return nullptr;
  if (handle == parts.arrival.transaction) return &parts.arrival.message;
  return &parts.parse_stored(*transaction->request);
}

bool Engine::Core::attach(Handle<Transaction> handle, std::uint64_t attached) {
  Transaction* transaction = parts.transactions.find(handle);
  if (transaction == nullptr) return false;
  transaction->attached = attached;
  return true;
}

PoolUse Engine::Core::pool_use() const {
  const Transactions& transactions = parts.transactions;
  const BufferPool& buffers = parts.buffers;
  return {.transactions = transactions.size(),
          .transactions_highest = transactions.highest(),
          .transactions_capacity = transactions.capacity(),
          .buffers = buffers.size(),
          .buffer_bytes = buffers.bytes_in_use(),
          .buffer_bytes_highest = buffers.highest_bytes_in_use(),
          .buffer_bytes_capacity = buffers.bytes(),
          .timers_armed = transactions.timers_armed()};
}

}  // namespace sipring
