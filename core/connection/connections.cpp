// The life of connections: machine.h says what happens, this file does it.
// SPDX-License-Identifier: MIT
#include <sipring/core/connection/connections.h>
#include <sipring/pools/assert.h>

#include <utility>

namespace sipring {

Connections::Connections(const Settings& settings, const Entropy& entropy,
                         std::pmr::memory_resource& memory)
    : shard_(settings.shard),
      limits_(settings.limits),
      sha1_(settings.sha1),
      resource_(settings.resource),
      origin_(settings.origin),
      seed_{entropy.words[0] ^ settings.shard, entropy.words[1]},
      draws_{entropy.words[2], entropy.words[3] ^ settings.shard},
      buffers_(limits_.partial_bytes, memory),
      connections_(limits_.connections, memory),
      targets_(limits_.connections, memory),
      queues_(limits_.sends, memory),
      timers_(limits_.connections, memory),
      sources_(limits_.source, limits_.sources, seed_, memory),
      backoff_(limits_, draw(), memory),
      news_(limits_.connections, memory) {}

// A server may be dropped in the middle of its calls: what was held goes before its pool does.
Connections::~Connections() {
  for (std::uint32_t slot = 0; slot < connections_.highest(); ++slot) {
    Connection* connection = connections_.live(slot);
    if (connection == nullptr) continue;
    while (!connection->queue.empty()) (void)queues_.drop_first(connection->queue);
    connection->partial.reset();
    connection->parts.reset();
  }
}

std::expected<Flow, AcceptRefusal> Connections::accept(Instant now, const Arrival& arrival) {
  now_ = now;
  const auto refuse = [&](AcceptRefusal refusal) {
    ++counters_.refused[std::to_underlying(refusal)];
    return std::unexpected(refusal);
  };
  const bool shakes = has_handshake(arrival.peer.transport);
  if (shakes && handshakes_ == limits_.handshakes) return refuse(AcceptRefusal::handshakes);
  SourceLimits::Admission admission;  // of the proxy, whom we trust
  if (!arrival.is_proxied) admission = sources_.admit(now, arrival.peer.ip, shakes);
  if (admission.refusal) return refuse(*admission.refusal);
  Connection* connection = make(arrival.peer, arrival.listener);
  if (connection == nullptr) {
    if (shakes) sources_.handshake_ended(admission.slot);
    sources_.leave(admission.slot);
    return refuse(AcceptRefusal::full);
  }
  ++counters_.accepted;
  connection->is_accepted = true;
  connection->source = admission.slot;
  connection->shakes = shakes;
  if (shakes) ++handshakes_;
  connection->state = shakes ? State::handshaking : State::open;
  SIPRING_ASSERT(is_websocket(arrival.peer.transport) == (arrival.upgrade != nullptr));
  const StreamFramer::Limits messages{limits_.head_bytes, limits_.message_bytes};
  if (arrival.is_proxied) {
    connection->framing.begin_proxy_header(messages, arrival.upgrade);
  } else if (arrival.upgrade != nullptr) {
    connection->framing.begin_upgrade(*arrival.upgrade);
  } else {
    connection->framing.begin_messages(messages);
  }
  arm(*connection);
  return connection->flow;
}

Connection* Connections::make(const NetworkAddress& peer, Flow listener) {
  const Handle<Connection> handle = connections_.acquire();
  if (!handle) return nullptr;
  Connection& connection = connections_.at(handle.slot);
  connection.peer = peer;
  connection.flow = Flow::of_connection(shard_, handle.slot, handle.generation);
  connection.listener = listener;
  connection.source = SourceLimits::none;
  connection.entered = connection.heard = Beginning(now_);
  ++counters_.open;
  return &connection;
}

void Connections::opened(Instant now, Flow flow) {
  now_ = now;
  Connection* connection = find(flow);
  if (connection == nullptr || connection->state != State::connecting) return;
  if (!has_handshake(connection->peer.transport)) {
    begin_plain(*connection);
  } else {
    apply(*connection, Event::opened);
    if (!has_tls(connection->peer.transport)) begin_plain(*connection);
  }
}

void Connections::secured(Instant now, Flow flow) {
  now_ = now;
  Connection* connection = find(flow);
  if (connection == nullptr || connection->state != State::handshaking) return;
  const bool upgrades = is_websocket(connection->peer.transport);
  if (!upgrades) ++counters_.handshakes;
  if (connection->is_accepted && upgrades) return;  // the client speaks first
  begin_plain(*connection);
}

// The octets are plain: messages, or the upgrade that comes before them.
void Connections::begin_plain(Connection& connection) {
  if (is_websocket(connection.peer.transport)) return request_upgrade(connection);
  connection.framing.begin_messages({limits_.head_bytes, limits_.message_bytes});
  apply(connection, Event::ready);
}

void Connections::failed(Instant now, Flow flow, CloseReason reason) {
  now_ = now;
  if (Connection* connection = find(flow)) fail(*connection, reason);
}

void Connections::closed(Instant now, Flow flow) {
  now_ = now;
  Connection* connection = find(flow);
  if (connection == nullptr) return;
  if (connection->state < State::closing) connection->reason = CloseReason::peer_closed;
  connection->is_peer_done = true;
  apply(*connection, Event::closed);
}

void Connections::ended(Instant now, Flow flow) {
  now_ = now;
  Connection* connection = find(flow);
  if (connection == nullptr || connection->state != State::ending) return;
  connection->is_writing = false;
  apply(*connection, Event::ended);
}

void Connections::close(Instant now, Flow flow, CloseReason reason) {
  now_ = now;
  if (Connection* connection = find(flow)) shut(*connection, reason);
}

void Connections::shut(Connection& connection, CloseReason reason) {
  if (connection.state >= State::closing) return;
  connection.reason = reason;
  if (connection.state == State::open && connection.framing.close_sent())
    enqueue_close(connection,
                  reason == CloseReason::local ? CloseCode::going_away : CloseCode::policy);
  apply(connection, Event::shut);
}

void Connections::fail(Connection& connection, CloseReason reason) {
  if (connection.state < State::closing) connection.reason = reason;
  apply(connection, Event::failed);
}

void Connections::apply(Connection& connection, Event event) {
  const auto& transition = connection_machine.on(connection.state, event);
  if (!transition.exists) return;
  const std::uint64_t target = connection.target;
  enter(connection, transition.to);
  switch (transition.actions[0]) {
    case ConnectionAction::none: break;
    case ConnectionAction::connect:
      connection.wants_socket = true;
      tell(connection);
      break;
    case ConnectionAction::write:
      if (target != 0) backoff_.succeeded(target);
      if (target != 0) ++counters_.connected;
      mark_dirty(connection);
      break;
    case ConnectionAction::finish: finish(connection); break;
    case ConnectionAction::back_off:
      if (target != 0) backoff_.failed(now_, target);
      break;
  }
}

void Connections::enter(Connection& connection, State state) {
  if (connection.state == state) return;
  if (connection.state < State::open && state >= State::open) connection.parts.reset();
  connection.state = state;
  connection.entered = Beginning(now_);
  if (state >= State::open) end_handshake(connection);
  if (state >= State::closing) {
    forget_target(connection);
    end_holding(connection);
  }
  if (state == State::ending) connection.wants_end = true;
  if (state == State::ending || state == State::gone) tell(connection);
  timers_.stop(connection.flow.slot);
  connection.armed = never;
  arm(connection);
}

// All is written and the peer is done: the end. Else the peer hears that we write no more, once.
void Connections::finish(Connection& connection) {
  mark_dirty(connection);
  if (!connection.queue.empty()) return;
  if (connection.is_peer_done) return apply(connection, Event::done);
  if (connection.is_shut) return;
  connection.is_shut = true;
  connection.wants_shut = true;
  tell(connection);
}

void Connections::end_handshake(Connection& connection) {
  if (!connection.shakes) return;
  connection.shakes = false;
  --handshakes_;
  sources_.handshake_ended(connection.source);
}

void Connections::forget_target(Connection& connection) {
  if (connection.target == 0) return;
  targets_.erase(connection.target, connection.flow.slot);
  connection.target = 0;
}

void Connections::offended(const Connection& connection) {
  if (sources_.offended(now_, connection.source)) ++counters_.bans;
}

void Connections::tell(Connection& connection) {
  if (connection.has_news) return;
  connection.has_news = true;
  const bool told = news_.emplace(std::uint32_t{connection.flow.slot});
  SIPRING_ASSERT(told);  // each is in it once
}

std::optional<ConnectionOutput> Connections::next_output() {
  while (!news_.empty()) {
    Connection& connection = connections_.at(news_.front());
    if (std::optional<ConnectionOutput> output = news_of(connection)) return output;
    news_.drop_front();
    connection.has_news = false;
    if (connection.state == State::gone) release(connection);
  }
  return next_message();
}

std::optional<ConnectionOutput> Connections::news_of(Connection& connection) {
  if (connection.wants_socket) {
    connection.wants_socket = false;
    if (connection.state == State::connecting)
      return OpenConnection{connection.flow, connection.peer};
  }
  if (connection.wants_shut) {
    connection.wants_shut = false;
    if (connection.state == State::closing) return ShutConnection{connection.flow};
  }
  if (connection.wants_end) {
    connection.wants_end = false;
    return EndConnection{connection.flow, connection.peer, connection.reason};
  }
  while (connection.state == State::gone && !connection.queue.empty()) {
    const Handle<Transaction> transaction = queues_.drop_first(connection.queue);
    ++counters_.undelivered;
    if (transaction) return Undelivered{transaction};
  }
  return std::nullopt;
}

void Connections::release(Connection& connection) {
  unmark_dirty(connection);
  ++counters_.closed[std::to_underlying(connection.reason)];
  --counters_.open;
  sources_.leave(connection.source);
  connections_.release(connections_.handle_of(connection.flow.slot));
}

Connection* Connections::find(Flow flow) {
  if (!flow.is_connection() || flow.shard != shard_) return nullptr;
  Connection* connection = connections_.live(flow.slot);
  return connection != nullptr && connection->flow == flow ? connection : nullptr;
}

const Connection* Connections::find(Flow flow) const {
  return const_cast<Connections*>(this)->find(flow);
}

std::size_t Connections::memory_needs(const ConnectionLimits& limits) {
  return Pool<Connection>::bytes(limits.connections) + Table::bytes(limits.connections) +
         SendQueues::bytes(limits.sends) + TimerWheel::bytes(limits.connections) +
         limits.partial_bytes;
}

}  // namespace sipring
