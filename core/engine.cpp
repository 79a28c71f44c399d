// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>

#include <sipring/core/detail/engine_core.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <utility>

namespace sipring {
namespace {

TransactionOptions options_of(const Settings& settings, const HashSeed& seed) {
  Hasher hasher(seed);
  hasher.add("jitter");
  return {.timers = settings.timers,
          .jitter_seed = hasher.finish().low,
          .finds_merged = settings.finds_merged};
}

}  // namespace

Engine::Core::Core(const Settings& settings, const Entropy& entropy,
                   std::pmr::memory_resource& memory)
    : limits(settings.limits),
      server(settings.server),
      mark(settings.mark),
      strict(settings.strict),
      overload(settings.overload),
      seed{entropy.words[0], entropy.words[1]},
      branch_seed{entropy.words[2], entropy.words[3]},
      buffers(buffer_bytes(settings.limits), memory),
      outbox(settings.limits.outputs, counters, memory),
      writer(settings.limits.message_bytes, buffers, memory),
      transactions(settings.limits, options_of(settings, branch_seed), writer, outbox, counters,
                   memory),
      message_(settings.limits.headers, memory),
      stored_(settings.limits.headers, memory) {
  limits.parse.message_bytes = std::min(limits.parse.message_bytes, limits.message_bytes);
  set_up_overload(entropy, memory);
}

bool Engine::Core::end_drain() {
  if (!current_) return false;
  const Handle<Transaction> handle = std::exchange(current_, {});
  Transaction* transaction = transactions.find(handle);
  if (transaction == nullptr || transaction->answered) return false;
  if (!keep_request(*transaction)) {
    give_up(handle, *transaction);
    return true;
  }
  transactions.start(received_at_, handle);
  return false;
}

bool Engine::Core::fire_one() {
  if (!transactions.fire_one(advanced_to)) return false;
  if (const auto invite = transactions.take_due_cancel()) (void)cancel(advanced_to, invite);
  return true;
}

std::optional<Output> Engine::Core::next_output() {
  while (outbox.empty()) {
    if (!fire_one() && !end_drain()) return std::nullopt;
  }
  return outbox.pop();
}

Engine::Engine(const Settings& settings, const Entropy& entropy, std::pmr::memory_resource& memory)
    : core_(std::make_unique<Core>(settings, entropy, memory)) {}
Engine::~Engine() = default;

void Engine::receive(Instant now, const Received& received) {
  SIPRING_VERIFY(now >= core_->advanced_to && core_->is_drained());
  core_->receive(now, received);
}
void Engine::turn_away(Instant now, const Received& received) {
  SIPRING_VERIFY(now >= core_->advanced_to && core_->is_drained());
  core_->receive_unwanted(now, received);
}
void Engine::turn_ended(Instant now, const TurnReport& report) {
  core_->turn_ended(now, report);
}
std::expected<void, SendError> Engine::respond(Instant now, Handle<Transaction> transaction,
                                               const Response& response) {
  return core_->respond(now, transaction, response);
}
std::expected<void, SendError> Engine::repeat_response(Instant now,
                                                       Handle<Transaction> transaction) {
  return core_->repeat_response(now, transaction);
}
std::expected<Handle<Transaction>, SendError> Engine::send(Instant now, const Request& request,
                                                           std::uint64_t user) {
  return core_->send(now, request, user);
}
std::expected<void, SendError> Engine::send_stateless(const Request& request) {
  return core_->send_stateless(request);
}
std::expected<void, SendError> Engine::cancel(Instant now, Handle<Transaction> invite) {
  return core_->cancel(now, invite);
}
std::expected<void, SendError> Engine::set_timer_c(Instant now, Handle<Transaction> invite,
                                                   Duration after) {
  return core_->set_timer_c(now, invite, after);
}
std::optional<TransactionStatus> Engine::status(Handle<Transaction> transaction) const {
  return core_->status(transaction);
}
const Message* Engine::request(Handle<Transaction> transaction) {
  return core_->request(transaction);
}
bool Engine::attach(Handle<Transaction> transaction, std::uint64_t user) {
  return core_->attach(transaction, user);
}
void Engine::transmit_failed(Instant now, Handle<Transaction> transaction) {
  SIPRING_VERIFY(now >= core_->advanced_to && core_->is_drained());
  core_->transmit_failed(now, transaction);
}
void Engine::transport_failed(Instant now, std::string_view bytes) {
  SIPRING_VERIFY(now >= core_->advanced_to && core_->is_drained());
  core_->transport_failed(now, bytes);
}
bool Engine::begins_anew(std::string_view datagram) {
  SIPRING_VERIFY(core_->is_drained());
  return core_->begins_anew(datagram);
}
void Engine::advance(Instant now) {
  SIPRING_VERIFY(now >= core_->advanced_to && core_->is_drained());
  core_->advanced_to = now;
}
Instant Engine::next_deadline() const {
  return core_->transactions.next_deadline();
}
std::optional<Output> Engine::next_output() {
  return core_->next_output();
}
const Counters& Engine::counters() const {
  return core_->counters;
}
PoolUse Engine::pool_use() const {
  const Transactions& transactions = core_->transactions;
  const BufferPool& buffers = core_->buffers;
  return {.transactions = transactions.size(),
          .transactions_highest = transactions.highest(),
          .transactions_capacity = transactions.capacity(),
          .buffers = buffers.size(),
          .buffer_bytes = buffers.bytes_in_use(),
          .buffer_bytes_highest = buffers.highest_bytes_in_use(),
          .buffer_bytes_capacity = buffers.bytes(),
          .timers_armed = transactions.timers_armed()};
}
NetworkAddress Engine::last_malformed() const {
  return core_->last_malformed;
}
std::uint32_t Engine::transactions_alive() const {
  return core_->transactions.size();
}
BufferPool& Engine::buffers() {
  return core_->buffers;
}
bool Engine::is_consistent() const {
  return core_->transactions.is_consistent();
}
void Engine::fail_nth_transaction(std::uint64_t nth) {
  core_->transactions.fail_nth_create(nth);
}

std::string_view to_string(SendError error) {
  switch (error) {
    case SendError::stale_transaction: return "stale_transaction";
    case SendError::forbidden_status: return "forbidden_status";
    case SendError::wrong_state: return "wrong_state";
    case SendError::missing_header: return "missing_header";
    case SendError::malformed_header: return "malformed_header";
    case SendError::too_large: return "too_large";
    case SendError::no_transactions: return "no_transactions";
    case SendError::no_buffers: return "no_buffers";
    case SendError::outputs_full: return "outputs_full";
    case SendError::forbidden_timer: return "forbidden_timer";
    case SendError::overloaded_peer: return "overloaded_peer";
  }
  return "";
}

}  // namespace sipring
