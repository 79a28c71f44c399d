// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>

#include <sipring/core/detail/engine_core.h>
#include <sipring/pools/assert.h>

namespace sipring {

Engine::Engine(const Settings& settings, const Entropy& entropy, std::pmr::memory_resource& memory)
    : core_(std::make_unique<Core>(settings, entropy, memory)) {}
Engine::~Engine() = default;

void Engine::receive(Instant now, const Received& received) {
  SIPRING_VERIFY(core_->is_next(now));
  core_->receiver.receive(now, received, true);
}
void Engine::turn_away(Instant now, const Received& received) {
  SIPRING_VERIFY(core_->is_next(now));
  core_->receiver.receive(now, received, false);
}
void Engine::turn_ended(Instant now, const TurnReport& report) {
  core_->parts.counters[DropReason::unread] += report.unread;
  if (OcServer* const oc = core_->parts.overload.server()) oc->report(now, report);
}
std::expected<void, SendError> Engine::respond(Instant now, Handle<Transaction> transaction,
                                               const Response& response) {
  return core_->responder.respond(now, transaction, response);
}
std::expected<void, SendError> Engine::repeat_response(Instant now,
                                                       Handle<Transaction> transaction) {
  return core_->responder.repeat(now, transaction);
}
void Engine::acknowledged(Instant now, Handle<Transaction> invite) {
  core_->responder.acknowledged(now, invite);
}
std::expected<Handle<Transaction>, SendError> Engine::send(Instant now, const Request& request,
                                                           std::uint64_t attached) {
  return core_->requester.send(now, request, attached);
}
std::expected<Transmit, SendError> Engine::send_stateless(const Request& request) {
  return core_->requester.send_stateless(request);
}
std::expected<void, SendError> Engine::send_again(const Transmit& message) {
  return core_->requester.send_again(message);
}
std::expected<Handle<Transaction>, SendError> Engine::forward(Instant now, MessageEdit& request,
                                                              const NextHop& hop,
                                                              std::uint64_t attached) {
  return core_->requester.forward(now, request, hop, attached);
}
std::expected<Transmit, SendError> Engine::forward_stateless(MessageEdit& request,
                                                             const NextHop& hop) {
  return core_->requester.forward_stateless(request, hop);
}
std::expected<void, SendError> Engine::forward(Instant now, Handle<Transaction> server,
                                               MessageEdit& response) {
  return core_->responder.forward(now, server, response);
}
std::expected<void, SendError> Engine::cancel(Instant now, Handle<Transaction> invite) {
  return core_->requester.cancel(now, invite);
}
std::expected<void, SendError> Engine::set_timer_c(Instant now, Handle<Transaction> invite,
                                                   Duration after) {
  return core_->requester.set_timer_c(now, invite, after);
}
std::optional<TransactionStatus> Engine::status(Handle<Transaction> transaction) const {
  return core_->status(transaction);
}
const Message* Engine::request(Handle<Transaction> transaction) {
  return core_->request(transaction);
}
bool Engine::attach(Handle<Transaction> transaction, std::uint64_t attached) {
  return core_->attach(transaction, attached);
}
void Engine::transmit_failed(Instant now, Handle<Transaction> transaction) {
  SIPRING_VERIFY(core_->is_next(now));
  core_->transmit_failed(now, transaction);
}
void Engine::transport_failed(Instant now, std::string_view bytes) {
  SIPRING_VERIFY(core_->is_next(now));
  core_->receiver.transport_failed(now, bytes);
}
bool Engine::begins_anew(std::string_view datagram) {
  SIPRING_VERIFY(core_->has_no_outputs());
  return core_->receiver.begins_anew(datagram);
}
void Engine::advance(Instant now) {
  SIPRING_VERIFY(core_->is_next(now));
  core_->advanced_to = now;
}
Instant Engine::next_deadline() const {
  return core_->parts.transactions.next_deadline();
}
std::optional<Output> Engine::next_output() {
  return core_->next_output();
}
const Counters& Engine::counters() const {
  return core_->parts.counters;
}
PoolUse Engine::pool_use() const {
  return core_->pool_use();
}
NetworkAddress Engine::last_malformed() const {
  return core_->parts.last_malformed;
}
std::uint32_t Engine::transactions_alive() const {
  return core_->parts.transactions.size();
}
BufferPool& Engine::buffers() {
  return core_->parts.buffers;
}
std::span<std::byte> Engine::coming_memory() {
  return first_coming(core_->parts.buffers, core_->parts.transactions);
}
bool Engine::is_consistent() const {
  return core_->parts.transactions.is_consistent();
}
void Engine::fail_nth_transaction(std::uint64_t nth) {
  core_->parts.transactions.fail_nth_create(nth);
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
