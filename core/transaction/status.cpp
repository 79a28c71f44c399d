// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/status.h>

namespace sipring {

std::string_view to_string(EndReason reason) {
  switch (reason) {
    case EndReason::done: return "done";
    case EndReason::timed_out: return "timed_out";
    case EndReason::transport_failed: return "transport_failed";
    case EndReason::forgotten: return "forgotten";
    case EndReason::no_room: return "no_room";
  }
  return "";
}

EndReason end_reason_of(Event event) {
  switch (event) {
    case Event::transport_error: return EndReason::transport_failed;
    case Event::timer_b:
    case Event::timer_f:
    case Event::timer_h:
    case Event::timer_unanswered: return EndReason::timed_out;
    default: return EndReason::done;
  }
}

}  // namespace sipring
