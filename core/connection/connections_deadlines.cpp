// What a connection may wait for, and for how long. Each has one timer, which is set to the next of
// its deadlines; one that moved away since is found out when the timer fires.
// SPDX-License-Identifier: MIT
#include <sipring/core/connection/connections.h>

#include <algorithm>

namespace sipring {

void Connections::advance(Instant now) {
  now_ = now;
  while (const std::optional<std::uint32_t> slot = timers_.pop_due(now)) {
    Connection& connection = connections_.at(*slot);
    connection.armed = never;
    on_deadline(connection);
  }
}

void Connections::on_deadline(Connection& connection) {
  if (connection.state == State::waiting) return apply(connection, Event::deadline);
  const Due next = due(connection);
  if (next.left > Duration::zero()) return arm(connection);
  switch (next.reason) {
    case CloseReason::no_first_message:
    case CloseReason::message_timeout:
    case CloseReason::handshake_timeout: offended(connection); break;
    default: break;
  }
  if (connection.state < State::closing) connection.reason = next.reason;
  if (connection.state != State::open) return apply(connection, Event::deadline);
  if (next.reason == CloseReason::slow_reader) return fail(connection, next.reason);
  shut(connection, next.reason);
}

Connections::Due Connections::due(const Connection& connection) const {
  const Duration in_state = connection.entered.until(now_);
  switch (connection.state) {
    case State::connecting: return {limits_.connect - in_state, CloseReason::connect_timeout};
    case State::handshaking: return {limits_.handshake - in_state, CloseReason::handshake_timeout};
    case State::open: return due_when_open(connection);
    case State::closing: return {limits_.close - in_state, connection.reason};
    case State::waiting:
    case State::ending:
    case State::gone: break;
  }
  return {};
}

Connections::Due Connections::due_when_open(const Connection& connection) const {
  Due next{limits_.idle - connection.heard.until(now_), CloseReason::idle};
  const auto consider = [&](Duration limit, Beginning since, CloseReason reason) {
    const Duration left = limit - since.until(now_);
    if (left < next.left) next = {left, reason};
  };
  if (connection.is_accepted && !connection.has_spoken)
    consider(limits_.first_message, connection.entered, CloseReason::no_first_message);
  if (connection.is_holding && !is_backed_up(connection))
    consider(limits_.message, connection.partial_since, CloseReason::message_timeout);
  if (connection.is_writing)
    consider(limits_.write_progress, connection.write_since, CloseReason::slow_reader);
  return next;
}

// Its peer could not finish a message while nothing was read from it.
void Connections::read_on(Connection& connection) {
  if (!connection.is_holding || is_backed_up(connection)) return;
  connection.partial_since = Beginning(now_);
  arm(connection);
}

// Only what is earlier moves the timer.
void Connections::arm(Connection& connection) {
  const Due next = due(connection);
  if (next.left == Duration::max()) return;
  const Instant deadline = now_ + std::max(next.left, Duration::zero());
  if (deadline >= connection.armed) return;
  connection.armed = deadline;
  timers_.arm(connection.flow.slot, deadline);
}

}  // namespace sipring
