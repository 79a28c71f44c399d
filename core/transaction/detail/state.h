// The vocabulary that the four transaction machines share: states, events, actions (RFC 3261
// section 17, RFC 6026).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring {

enum class State : std::uint8_t {
  calling,     // INVITE client: request sent, nothing heard
  trying,      // non-INVITE: request sent (client) or passed up (server), no response yet
  proceeding,  // a provisional response; for an INVITE server also before it
  accepted,    // INVITE: a 2xx (RFC 6026)
  completed,   // a final response; retransmissions are absorbed
  confirmed,   // INVITE server: the ACK has come
  terminated,
};
inline constexpr std::size_t state_count = 7;

enum class Event : std::uint8_t {
  // from the wire
  request,  // the request again
  ack,
  r1xx,
  r2xx,
  r300_699,
  // from the transaction user
  send_1xx,
  send_2xx,
  send_300_699,
  acknowledged,  // the ACK for its 2xx has come
  // from the transport
  transport_error,
  // timers, see timers.h
  timer_trying,
  timer_a,
  timer_b,
  timer_c,
  timer_d,
  timer_e,
  timer_f,
  timer_g,
  timer_h,
  timer_i,
  timer_j,
  timer_k,
  timer_l,
  timer_m,
  timer_unanswered,
};
inline constexpr std::size_t event_count = 25;

enum class Action : std::uint8_t {
  none,
  pass_up,          // the message goes to the transaction user
  send_request,     // once more
  send_ack,         // for a 300 to 699 (section 17.1.1.3)
  send_response,    // the last one, or the one just given
  send_100,         // Trying, when nothing has been sent yet
  send_cancel,      // for an INVITE of ours
  restart_timer_c,  // unless the response is a 100 (section 16.7 item 2)
  report_timeout,
  report_timer_c,
  report_transport_error,
};

// A final response, sent or received.
[[nodiscard]] constexpr bool is_final(Event event) {
  return event == Event::r2xx || event == Event::r300_699 || event == Event::send_2xx ||
         event == Event::send_300_699;
}

[[nodiscard]] std::string_view to_string(State state);    // "calling"
[[nodiscard]] std::string_view to_string(Event event);    // "timer_a"
[[nodiscard]] std::string_view to_string(Action action);  // "pass_up"

}  // namespace sipring
