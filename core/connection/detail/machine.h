// The life of a stream connection, as a table.
//
//   waiting ──deadline──▶ connecting ──opened──▶ handshaking ──ready──▶ open ──shut, closed──▶
//   closing
//                             └────────ready───────────────────────────▲               │
//   connecting, handshaking, open, closing ──failed, deadline──▶ ending ◀──────────────┘
//
// waiting: the last try failed, and the next is not due. handshaking: the transport is there, TLS
// or a WebSocket's upgrade is not. closing: we have said all, and the peer has not. ending: nothing
// of ours is left but what the kernel still holds.
//
// This file decides; connections.cpp performs. In `ending` io is asked to give its descriptor up;
// what is queued then is told as undelivered once it has.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/machine.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring {

enum class ConnectionState : std::uint8_t {
  waiting,
  connecting,
  handshaking,
  open,
  closing,
  ending,
  gone,
};

enum class ConnectionEvent : std::uint8_t {
  opened,    // the transport is there, and a handshake follows
  ready,     // so is all that messages need
  shut,      // we end it
  closed,    // the peer says no more
  failed,    // reset, refused, unreachable
  deadline,  // what the state waits for has not come
  done,      // both sides have said all
  ended,     // io has given its descriptor up
};

enum class ConnectionAction : std::uint8_t {
  none,
  connect,
  write,     // what has waited
  finish,    // write what is queued, then say that there is no more
  back_off,  // the next try has to wait
};

[[nodiscard]] std::string_view to_string(ConnectionState state);

template <>
inline constexpr std::size_t enumerators<ConnectionState> = 7;
template <>
inline constexpr std::size_t enumerators<ConnectionEvent> = 8;
template <>
inline constexpr std::size_t enumerators<ConnectionAction> = 5;

namespace connection_rows {

using enum ConnectionState;
using enum ConnectionEvent;
using enum ConnectionAction;

inline constexpr Machine<ConnectionState, ConnectionEvent, ConnectionAction> connection_machine{
    connecting,
    {
        {waiting, deadline, connecting, {connect}},
        {waiting, shut, gone},  // io has not heard of it

        {connecting, opened, handshaking},
        {connecting, ready, open, {write}},
        {connecting, shut, ending},
        {connecting, closed, ending, {back_off}},
        {connecting, failed, ending, {back_off}},
        {connecting, deadline, ending, {back_off}},

        {handshaking, ready, open, {write}},
        {handshaking, shut, closing, {finish}},  // an upgrade that is refused is answered
        {handshaking, closed, ending, {back_off}},
        {handshaking, failed, ending, {back_off}},
        {handshaking, deadline, ending, {back_off}},

        {open, shut, closing, {finish}},
        {open, closed, closing, {finish}},  // what is queued may still be read
        {open, failed, ending},

        {closing, closed, closing, {finish}},
        {closing, done, ending},
        {closing, failed, ending},
        {closing, deadline, ending},

        {ending, ended, gone},
    }};

}  // namespace connection_rows

using connection_rows::connection_machine;

}  // namespace sipring
