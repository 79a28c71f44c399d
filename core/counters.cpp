// SPDX-License-Identifier: MIT
#include <sipring/core/counters.h>

namespace sipring {

std::string_view to_string(DropReason reason) {
  switch (reason) {
    case DropReason::malformed: return "malformed";
    case DropReason::bad_request: return "bad_request";
    case DropReason::version: return "version";
    case DropReason::too_large: return "too_large";
    case DropReason::overload: return "overload";
    case DropReason::stray_response: return "stray_response";
    case DropReason::stray_ack: return "stray_ack";
    case DropReason::stray_cancel: return "stray_cancel";
    case DropReason::keep_alive: return "keep_alive";
    case DropReason::no_response_route: return "no_response_route";
    case DropReason::source_rate: return "source_rate";
    case DropReason::source_transactions: return "source_transactions";
    case DropReason::turn_budget: return "turn_budget";
    case DropReason::unread: return "unread";
    case DropReason::count: break;
  }
  return "";
}

Counters& Counters::operator+=(const Counters& other) {
  messages_received += other.messages_received;
  requests_received += other.requests_received;
  responses_received += other.responses_received;
  invites_received += other.invites_received;
  retransmissions_received += other.retransmissions_received;
  messages_sent += other.messages_sent;
  retransmissions_sent += other.retransmissions_sent;
  transactions_created += other.transactions_created;
  transactions_timed_out += other.transactions_timed_out;
  transport_errors += other.transport_errors;
  for (std::size_t i = 0; i < dropped.size(); ++i) dropped[i] += other.dropped[i];
  return *this;
}

}  // namespace sipring
