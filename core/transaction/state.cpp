// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/state.h>

namespace sipring {

static_assert(state_count == static_cast<std::size_t>(State::terminated) + 1);
static_assert(event_count == static_cast<std::size_t>(Event::timer_unanswered) + 1);

std::string_view to_string(State state) {
  switch (state) {
    case State::calling: return "calling";
    case State::trying: return "trying";
    case State::proceeding: return "proceeding";
    case State::accepted: return "accepted";
    case State::completed: return "completed";
    case State::confirmed: return "confirmed";
    case State::terminated: return "terminated";
  }
  return "";
}

std::string_view to_string(Event event) {
  switch (event) {
    case Event::request: return "request";
    case Event::ack: return "ack";
    case Event::r1xx: return "r1xx";
    case Event::r2xx: return "r2xx";
    case Event::r300_699: return "r300_699";
    case Event::send_1xx: return "send_1xx";
    case Event::send_2xx: return "send_2xx";
    case Event::send_300_699: return "send_300_699";
    case Event::acknowledged: return "acknowledged";
    case Event::transport_error: return "transport_error";
    case Event::timer_trying: return "timer_trying";
    case Event::timer_a: return "timer_a";
    case Event::timer_b: return "timer_b";
    case Event::timer_c: return "timer_c";
    case Event::timer_d: return "timer_d";
    case Event::timer_e: return "timer_e";
    case Event::timer_f: return "timer_f";
    case Event::timer_g: return "timer_g";
    case Event::timer_h: return "timer_h";
    case Event::timer_i: return "timer_i";
    case Event::timer_j: return "timer_j";
    case Event::timer_k: return "timer_k";
    case Event::timer_l: return "timer_l";
    case Event::timer_m: return "timer_m";
    case Event::timer_unanswered: return "timer_unanswered";
  }
  return "";
}

std::string_view to_string(Action action) {
  switch (action) {
    case Action::none: return "";
    case Action::pass_up: return "pass_up";
    case Action::send_request: return "send_request";
    case Action::send_ack: return "send_ack";
    case Action::send_response: return "send_response";
    case Action::send_100: return "send_100";
    case Action::send_cancel: return "send_cancel";
    case Action::restart_timer_c: return "restart_timer_c";
    case Action::report_timeout: return "report_timeout";
    case Action::report_timer_c: return "report_timer_c";
    case Action::report_transport_error: return "report_transport_error";
  }
  return "";
}

}  // namespace sipring
