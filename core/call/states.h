// The states of a call's parts. There are five of them, each a table of its own, in place of their
// product: the dialog (core/dialog/detail/machine.h), the INVITE in flight, the exchange of
// descriptions, the reliable provisional response, the session timer. verdict.h joins them.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/machine.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// A call as its user sees it.
enum class CallState : std::uint8_t {
  init,         // an INVITE has come, or none has gone yet
  trying,       // our INVITE is on its way
  ringing,      // 101 to 199
  established,  // a 2xx
  terminating,  // CANCEL or BYE of ours waits for its end
  terminated,
};
[[nodiscard]] std::string_view to_string(CallState state);  // "ringing"

// What has happened to it, for the history.
enum class CallEvent : std::uint8_t {
  invite_sent,
  invite_received,
  provisional,  // sent or received
  success,
  failure,
  acknowledged,    // the ACK has come, or has gone
  unacknowledged,  // it has not, 64*T1 long
  cancelled,       // by either side
  offered,         // a new description, by either side
  agreed,          // its answer
  refused,         // or none
  refreshed,       // the session timer begins anew
  expired,         // or has run out
  bye_sent,
  bye_received,
  lost,  // 408, 481 or no response within the dialog
};
[[nodiscard]] std::string_view to_string(CallEvent event);  // "bye_sent"

// The INVITE that is open, of either side: RFC 3261 sections 9, 13, 14.
enum class InviteState : std::uint8_t {
  none,
  calling,        // ours: nothing has come
  proceeding,     // ours: a provisional response
  cancelling,     // ours: CANCEL has gone, or will with the first provisional
                  // response
  acknowledging,  // ours: the 2xx has an offer, and the ACK waits for the answer
  received,       // theirs: no final response yet
  answered,       // theirs: a 2xx, which is repeated until its ACK comes
};
enum class InviteEvent : std::uint8_t {
  send,
  provisional,
  success,             // 2xx
  success_with_offer,  // 2xx to an INVITE without one
  failure,             // 300 to 699, or none in time
  cancel,
  acknowledge,  // our ACK goes
  receive,
  respond_2xx,
  respond_failure,
  acknowledged,  // theirs comes
  unacknowledged
};
[[nodiscard]] std::string_view to_string(InviteState state);
[[nodiscard]] std::string_view to_string(InviteEvent event);

// Offer and answer: RFC 3261 section 13.2.1, RFC 3262 section 5, RFC 3311 section 5, RFC 3264.
enum class Exchange : std::uint8_t { none, local_offer, remote_offer, agreed };
enum class ExchangeEvent : std::uint8_t {
  offer_sent,
  offer_received,
  answer_sent,
  answer_received,
  refused,    // the session is as it was before the offer
  abandoned,  // and there was none
};
[[nodiscard]] std::string_view to_string(Exchange exchange);
[[nodiscard]] std::string_view to_string(ExchangeEvent event);

// Our reliable provisional response: RFC 3262 section 3.
enum class Reliable : std::uint8_t { none, waiting };
enum class ReliableEvent : std::uint8_t { sent, acknowledged, given_up };
[[nodiscard]] std::string_view to_string(Reliable reliable);
[[nodiscard]] std::string_view to_string(ReliableEvent event);

// RFC 4028: who refreshes the session.
enum class SessionTimer : std::uint8_t { off, refreshing, watching };
enum class SessionTimerEvent : std::uint8_t { agreed_none, agreed_ours, agreed_theirs };
[[nodiscard]] std::string_view to_string(SessionTimer timer);
[[nodiscard]] std::string_view to_string(SessionTimerEvent event);

// What tables say beside the next state.
enum class CallAction : std::uint8_t {
  nothing,
  send_ack,
  repeat_2xx,   // at T1, doubling to T2, until its ACK (section 13.3.1.4)
  stop_repeat,  // of the 2xx, or of the provisional response
  hang_up,
  repeat_1xx,        // at T1, doubling, until its PRACK (RFC 3262 section 3)
  refuse_invite,     // with 504: no PRACK
  tell_offered,      // the user has to answer
  tell_established,  // both descriptions are known
  roll_back,         // to the session before the offer
  plan_refresh,      // at half of the interval (RFC 4028 section 10)
  plan_end,          // a third, or 32 s, before its end
  stop_timer,
};
[[nodiscard]] std::string_view to_string(CallAction action);

template <>
inline constexpr std::size_t enumerators<InviteState> = 7;
template <>
inline constexpr std::size_t enumerators<InviteEvent> = 12;
template <>
inline constexpr std::size_t enumerators<Exchange> = 4;
template <>
inline constexpr std::size_t enumerators<ExchangeEvent> = 6;
template <>
inline constexpr std::size_t enumerators<Reliable> = 2;
template <>
inline constexpr std::size_t enumerators<ReliableEvent> = 3;
template <>
inline constexpr std::size_t enumerators<SessionTimer> = 3;
template <>
inline constexpr std::size_t enumerators<SessionTimerEvent> = 3;

}  // namespace sipring
