// From messages to octets: which connection, and its queue.
// SPDX-License-Identifier: MIT
#include <sipring/core/connection/connections.h>
#include <sipring/core/outbound/detail/keep_alive.h>
#include <sipring/pools/assert.h>

#include <array>
#include <utility>

namespace sipring {
namespace {

bool takes_messages(const Connection& connection) {
  return connection.state <= ConnectionState::open;
}

// Of the key of an address that a peer advertises: no connection of ours has this number.
constexpr std::uint32_t advertised = ~0U;

// By another connection. A response has its second choice as its destination, or port 0 where there
// is none (response_route.h); a request for its connection and no other (RFC 5626) has none.
bool may_leave_elsewhere(const Transmit& message) {
  const bool is_bound = message.flow.is_connection() && !message.bytes->view().starts_with("SIP/");
  return !is_bound && is_reliable(message.destination.transport) && message.destination.port != 0;
}

}  // namespace

bool Connections::carries(Flow flow) const {
  const Connection* const connection = find(flow);
  return connection != nullptr && takes_messages(*connection);
}

std::expected<void, StreamSendError> Connections::send(Instant now, Transmit&& message) {
  now_ = now;
  std::expected<Connection*, StreamSendError> connection = find(message.flow);
  if (*connection == nullptr || !takes_messages(**connection)) {
    connection = may_leave_elsewhere(message) ? connection_towards({.peer = message.destination})
                                              : std::unexpected(StreamSendError::stale);
  }
  auto taken =
      connection ? enqueue(**connection, std::move(message)) : std::unexpected(connection.error());
  if (!taken) ++counters_.unsent[std::to_underlying(taken.error())];
  return taken;
}

std::expected<Flow, StreamSendError> Connections::towards(Instant now,
                                                          const ConnectionTarget& target) {
  now_ = now;
  const auto connection = connection_towards(target);
  if (connection) return (*connection)->flow;
  ++counters_.unsent[std::to_underlying(connection.error())];
  return std::unexpected(connection.error());
}

std::expected<Connection*, StreamSendError> Connections::connection_towards(
    const ConnectionTarget& target) {
  const std::uint64_t key = key_of(target);
  if (Connection* const known = find_target(key)) return known;
  if (Connection* const alias = find_alias(target)) return alias;
  const Instant next_try = backoff_.next_try(key);
  if (next_try > now_ + limits_.longest_wait) return std::unexpected(StreamSendError::backing_off);
  Ref<Buffer> domain;
  if (!target.domain.empty()) {
    domain = buffers_.copy(target.domain);
    if (!domain) return std::unexpected(StreamSendError::no_room);
  }
  Connection* connection = make(target.peer, Flow{});
  if (connection == nullptr) return std::unexpected(StreamSendError::full);
  connection->parts = std::move(domain);
  connection->target = key;
  const bool indexed = targets_.insert(key, connection->flow.slot);
  SIPRING_ASSERT(indexed);  // as many places as connections
  if (next_try > now_) {
    connection->state = State::waiting;
    connection->armed = next_try;
    timers_.arm(connection->flow.slot, next_try);
  } else {
    connection->state = State::connecting;
    connection->wants_socket = true;
    tell(*connection);
    arm(*connection);
  }
  return connection;
}

Connection* Connections::find_target(std::uint64_t target) {
  const auto slot = targets_.find(
      target, [&](std::uint32_t one) { return connections_.at(one).target == target; });
  return slot ? &connections_.at(*slot) : nullptr;
}

// RFC 5923 section 8.2: the address is the one that was advertised, and the URI's domain is among
// the identities of the peer.
Connection* Connections::find_alias(const ConnectionTarget& target) {
  if (identities_ == nullptr || target.number != 0) return nullptr;
  Connection* const alias = find_target(key_of({.peer = target.peer, .number = advertised}));
  const bool is_it =
      alias != nullptr && identities_->is_authenticated_as(alias->flow, target.domain);
  return is_it ? alias : nullptr;
}

bool Connections::add_alias(Flow flow, const NetworkAddress& alias) {
  return find_target(key_of({.peer = alias})) == nullptr &&
         add_alias(flow, key_of({.peer = alias, .number = advertised}));
}

bool Connections::trust_alias(Flow flow, const ConnectionTarget& alias) {
  return add_alias(flow, key_of(alias));
}

bool Connections::add_alias(Flow flow, std::uint64_t target) {
  Connection* const connection = find(flow);
  if (connection == nullptr || connection->state != State::open || connection->target != 0)
    return false;
  if (find_target(target) != nullptr) return false;
  connection->target = target;
  const bool indexed = targets_.insert(target, connection->flow.slot);
  SIPRING_ASSERT(indexed);  // as many places as connections
  return true;
}

std::expected<void, StreamSendError> Connections::enqueue(Connection& connection,
                                                          Transmit&& message) {
  const std::uint32_t size = message.bytes->size();
  if (size == KeepAlive::ping.size() && message.bytes->view() == KeepAlive::ping)
    connection.awaits_pong = true;
  if (connection.queue.bytes + size > limits_.queue_bytes)
    return std::unexpected(StreamSendError::queue_full);
  SendQueues::Outgoing outgoing{.bytes = std::move(message.bytes),
                                .transaction = message.transaction};
  if (is_websocket(connection.peer.transport) && !frame(connection, outgoing))
    return std::unexpected(StreamSendError::no_room);
  if (!queues_.push(connection.queue, std::move(outgoing)))
    return std::unexpected(StreamSendError::queue_full);
  mark_dirty(connection);
  return {};
}

// What we say ourselves. Where there is no room it is not said: it is an answer that the peer can
// do without, or the connection ends anyway.
void Connections::enqueue_text(Connection& connection, std::string_view text) {
  if (text.empty()) return;
  Ref<Buffer> bytes = buffers_.copy(text);
  if (!bytes) return;
  if (queues_.push(connection.queue, {.bytes = std::move(bytes), .transaction = {}}))
    mark_dirty(connection);
}

// RFC 5626 section 4.4.1. One is enough for all that have come since the last was written.
void Connections::enqueue_keep_alive(Connection& connection) {
  ++counters_.keep_alives;
  if (connection.queue.bytes > limits_.queue_bytes) return;
  if (is_websocket(connection.peer.transport))
    return enqueue_control(connection, Opcode::binary, "\r\n");
  enqueue_text(connection, "\r\n");
}

// Where all connections together have much to write, those that have anything do.
bool Connections::is_backed_up(const Connection& connection) const {
  if (connection.state != State::open || connection.queue.empty()) return false;
  return connection.queue.bytes > limits_.queue_low_bytes ||
         queues_.size() > limits_.sends - limits_.sends / 4;
}

void Connections::mark_dirty(Connection& connection) {
  const bool may_write = connection.state == State::open || connection.state == State::closing ||
                         (connection.state == State::handshaking && connection.writes_handshake);
  if (connection.is_dirty || connection.is_writing || connection.queue.empty() || !may_write)
    return;
  connection.is_dirty = true;
  connection.previous_dirty = last_dirty_;
  connection.next_dirty = SendQueues::none;
  const std::uint32_t slot = connection.flow.slot;
  (last_dirty_ == SendQueues::none ? first_dirty_ : connections_.at(last_dirty_).next_dirty) = slot;
  last_dirty_ = slot;
}

void Connections::unmark_dirty(Connection& connection) {
  if (!connection.is_dirty) return;
  connection.is_dirty = false;
  const std::uint32_t previous = connection.previous_dirty;
  const std::uint32_t next = connection.next_dirty;
  (previous == SendQueues::none ? first_dirty_ : connections_.at(previous).next_dirty) = next;
  (next == SendQueues::none ? last_dirty_ : connections_.at(next).previous_dirty) = previous;
}

std::optional<Flow> Connections::next_write() {
  while (first_dirty_ != SendQueues::none) {
    Connection& connection = connections_.at(first_dirty_);
    unmark_dirty(connection);
    if (connection.state == State::ending || connection.state == State::gone) continue;
    return connection.flow;
  }
  return std::nullopt;
}

std::size_t Connections::gather(Instant now, Flow flow, std::span<std::string_view> pieces) {
  now_ = now;
  Connection* connection = find(flow);
  SIPRING_ASSERT(connection != nullptr && !connection->is_writing);
  if (connection->writes_handshake) pieces = pieces.first(2);  // the request alone
  connection->writes_handshake = false;
  const std::size_t count = queues_.gather(connection->queue, pieces);
  connection->is_writing = true;
  connection->write_since = Beginning(now);
  arm(*connection);
  return count;
}

void Connections::sent(Instant now, Flow flow, std::size_t octets) {
  now_ = now;
  Connection* connection = find(flow);
  if (connection == nullptr || !connection->is_writing) return;
  connection->is_writing = false;
  counters_.bytes_out += octets;
  const bool was_backed_up = is_backed_up(*connection);
  queues_.sent(connection->queue, octets);
  if (was_backed_up) [[unlikely]]
    read_on(*connection);
  mark_dirty(*connection);
  if (connection->state == State::closing) finish(*connection);
}

// A keyed hash of a count: nobody can foretell it who has not the key (RFC 6455 section 10.3).
std::uint64_t Connections::draw() {
  Hasher hasher(draws_);
  hasher.add(drawn_++);
  return hasher.finish_low();
}

// Equal hashes are taken for equal targets: with a secret seed nobody can make two.
std::uint64_t Connections::key_of(const ConnectionTarget& target) const {
  const NetworkAddress& peer = target.peer;
  Hasher hasher(seed_);
  hasher.add(std::string_view(reinterpret_cast<const char*>(peer.ip.octets.data()),
                              peer.ip.octets.size()));
  hasher.add(std::uint64_t{peer.port} << 32 | std::to_underlying(peer.transport) << 8 |
             std::to_underlying(peer.ip.family));
  hasher.add(std::uint64_t{target.number});
  hasher.add_lower(target.domain);
  const std::uint64_t key = hasher.finish_low();
  return key == 0 ? 1 : key;
}

}  // namespace sipring
