// From octets to messages. What is whole is read where it came; what is not is copied out, and
// grows until it is.
// SPDX-License-Identifier: MIT
#include <sipring/core/connection/connections.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace sipring {
namespace {

using Kind = Framing::Kind;

// How much of what comes is added to a message whose size is not known yet.
constexpr std::size_t head_step = 512;

bool is_readable(const Connection& connection) {
  return connection.state == ConnectionState::handshaking ||
         connection.state == ConnectionState::open;
}

std::span<char> octets_of(Buffer& buffer) {
  return {buffer.data(), buffer.size()};
}

void append(Buffer& buffer, std::span<const char> octets) {
  const std::uint32_t size = buffer.size();
  if (octets.empty()) return;
  std::memcpy(buffer.data() + size, octets.data(), octets.size());
  buffer.resize(size + static_cast<std::uint32_t>(octets.size()));
}

}  // namespace

void Connections::receive(Instant now, Flow flow, std::span<char> octets) {
  SIPRING_VERIFY(!reading_);  // messages have been taken
  now_ = now;
  Connection* connection = find(flow);
  if (connection == nullptr) return;
  connection->heard = Beginning(now);
  counters_.bytes_in += octets.size();
  reading_ = flow;
  input_ = octets;
}

std::optional<ConnectionOutput> Connections::next_message() {
  whole_.reset();
  while (reading_) {
    Connection* connection = find(reading_);
    if (connection == nullptr || !is_readable(*connection)) break;
    const std::span<char> octets = connection->partial ? octets_of(*connection->partial) : input_;
    const Framing::Step step = connection->framing.next(octets, room_);
    if (step.kind == Kind::incomplete) {
      if (!hold(*connection, step.size)) break;
      continue;
    }
    if (step.size <= octets.size()) consume(*connection, step.size);
    if (auto message = take(*connection, step)) return message;
    if (!news_.empty()) return next_output();
  }
  reading_ = Flow{};
  input_ = {};
  return std::nullopt;
}

// Takes more of the input into what is held. False: there is no more of it, or no room for it.
bool Connections::hold(Connection& connection, std::uint64_t needed) {
  if (input_.empty()) return false;
  const std::size_t held = connection.partial ? connection.partial->size() : 0;
  std::size_t more = input_.size();
  if (held != 0) more = std::min<std::size_t>(more, needed == 0 ? head_step : needed - held);
  const std::size_t size = std::max<std::size_t>(needed, held + more);
  if (!connection.partial || connection.partial->capacity() < size) {
    Ref<Buffer> larger = grown(connection, connection.partial, size);
    if (!larger) {
      shut(connection, CloseReason::no_room);
      return false;
    }
    connection.partial = std::move(larger);
    if (held == 0) begin_holding(connection);
  }
  append(*connection.partial, input_.first(more));
  input_ = input_.subspan(more);
  return true;
}

// What was held is one message, frame or head, and perhaps the first octets of the next, which are
// still where they came.
void Connections::consume(Connection& connection, std::uint64_t size) {
  if (!connection.partial) {
    input_ = input_.subspan(size);
    return;
  }
  const std::size_t surplus = connection.partial->size() - size;
  input_ = {input_.data() - surplus, input_.size() + surplus};
  whole_ = std::move(connection.partial);
  if (!connection.parts) end_holding(connection);
}

std::optional<ConnectionOutput> Connections::take(Connection& connection,
                                                  const Framing::Step& step) {
  switch (step.kind) {
    case Kind::incomplete:
    case Kind::nothing: break;
    case Kind::message:
      if (const auto message = take_message(connection, step)) return *message;
      break;
    case Kind::part:
      if (!take_part(connection, step.payload)) shut(connection, CloseReason::no_room);
      break;
    case Kind::keep_alive: enqueue_keep_alive(connection); break;
    case Kind::pong:
      if (!connection.awaits_pong) break;
      connection.awaits_pong = false;
      connection.framing.take_pong();
      return Pong{connection.flow};
    case Kind::ping:
      enqueue_control(connection, Opcode::pong, {step.payload.data(), step.payload.size()});
      break;
    case Kind::proxied: take_header(connection, step.header); break;
    case Kind::upgraded:
      enqueue_text(connection, step.answer);
      connection.framing.begin_frames(
          connection.is_accepted ? WebSocketRole::server : WebSocketRole::client,
          limits_.message_bytes);
      ++counters_.handshakes;
      apply(connection, Event::ready);
      break;
    case Kind::refused:
      enqueue_text(connection, step.answer);
      offended(connection);
      shut(connection, CloseReason::upgrade_refused);
      break;
    case Kind::closed:
      if (connection.framing.close_sent()) enqueue_close(connection, step.code);
      shut(connection, CloseReason::websocket_closed);
      break;
    case Kind::too_large:
    case Kind::malformed: take_mistake(connection, step); break;
  }
  return std::nullopt;
}

std::optional<Received> Connections::take_message(Connection& connection,
                                                  const Framing::Step& step) {
  std::string_view bytes(step.payload.data(), step.payload.size());
  if (step.ends_parts) {
    if (!take_part(connection, step.payload)) {
      shut(connection, CloseReason::no_room);
      return std::nullopt;
    }
    whole_ = std::move(connection.parts);
    end_holding(connection);
    bytes = whole_->view();
  }
  if (bytes.empty()) return std::nullopt;
  if (!sources_.may_send(now_, connection.source)) {
    shut(connection, CloseReason::message_rate);
    return std::nullopt;
  }
  connection.has_spoken = true;
  ++counters_.messages_in;
  return Received{bytes, connection.peer, connection.flow, connection.listener};
}

// From now on the connection is its client's; that one's limits hold.
void Connections::take_header(Connection& connection, const ProxyHeader& header) {
  if (header.source_ip) {
    connection.peer.ip = *header.source_ip;
    connection.peer.port = header.source_port;
  }
  const auto admission = sources_.admit(now_, connection.peer.ip, connection.shakes);
  connection.source = admission.slot;
  if (!admission.refusal) return;
  ++counters_.refused[std::to_underlying(*admission.refusal)];
  fail(connection, CloseReason::local);
}

bool Connections::take_part(Connection& connection, std::span<char> payload) {
  const std::size_t held = connection.parts ? connection.parts->size() : 0;
  const std::size_t size = std::max<std::size_t>(held + payload.size(), 1);
  if (!connection.parts || connection.parts->capacity() < size) {
    Ref<Buffer> larger = grown(connection, connection.parts, size);
    if (!larger) return false;
    connection.parts = std::move(larger);
    if (held == 0) begin_holding(connection);
  }
  append(*connection.parts, payload);
  return true;
}

void Connections::take_mistake(Connection& connection, const Framing::Step& step) {
  const bool is_too_large = step.kind == Kind::too_large;
  if (connection.framing.close_sent()) enqueue_close(connection, step.code);
  offended(connection);
  shut(connection, is_too_large ? CloseReason::too_large : CloseReason::malformed);
}

// A buffer for `size` octets that begins with those of `old`. When there is no room the connection
// that has held something for longest makes way.
Ref<Buffer> Connections::grown(Connection& connection, const Ref<Buffer>& old, std::size_t size) {
  Ref<Buffer> larger = buffers_.acquire(size);
  Connection* oldest = holders_.first();
  if (!larger && oldest != nullptr && oldest != &connection) {
    offended(*oldest);
    shut(*oldest, CloseReason::no_room);
    larger = buffers_.acquire(size);
  }
  if (larger && old) append(*larger, octets_of(*old));
  return larger;
}

void Connections::begin_holding(Connection& connection) {
  if (connection.is_holding) return;
  connection.is_holding = true;
  connection.partial_since = Beginning(now_);
  holders_.push_back(connection);
  arm(connection);
}

void Connections::end_holding(Connection& connection) {
  if (!connection.is_holding) return;
  connection.is_holding = false;
  connection.partial.reset();
  connection.parts.reset();
  holders_.remove(connection);
}

}  // namespace sipring
