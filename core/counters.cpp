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
    case DropReason::merged: return "merged";
    case DropReason::source_rate: return "source_rate";
    case DropReason::source_transactions: return "source_transactions";
    case DropReason::turn_budget: return "turn_budget";
    case DropReason::unread: return "unread";
    case DropReason::count: break;
  }
  return "";
}

Traffic& Traffic::operator+=(const Traffic& other) {
  for (std::size_t i = 0; i < requests.size(); ++i) requests[i] += other.requests[i];
  for (std::size_t i = 0; i < responses.size(); ++i) responses[i] += other.responses[i];
  return *this;
}

void Counters::count_sent(std::string_view message) {
  constexpr std::string_view version = "SIP/2.0 ";
  ++messages_sent;
  if (message.starts_with(version)) {
    const auto digit = static_cast<unsigned char>(message[version.size()]);
    return sent.count_response((digit - unsigned{'0'}) * 100);
  }
  sent.count_request(method_from(message.substr(0, message.find(' '))));
}

Counters& Counters::operator+=(const Counters& other) {
  messages_received += other.messages_received;
  invites_received += other.invites_received;
  retransmissions_received += other.retransmissions_received;
  messages_sent += other.messages_sent;
  retransmissions_sent += other.retransmissions_sent;
  transactions_created += other.transactions_created;
  transactions_timed_out += other.transactions_timed_out;
  transactions_forgotten += other.transactions_forgotten;
  transport_errors += other.transport_errors;
  for (std::size_t i = 0; i < dropped.size(); ++i) dropped[i] += other.dropped[i];
  received += other.received;
  sent += other.sent;
  for (std::size_t i = 0; i < durations.size(); ++i) durations[i] += other.durations[i];
  return *this;
}

PoolUse& PoolUse::operator+=(const PoolUse& other) {
  transactions += other.transactions;
  transactions_highest += other.transactions_highest;
  transactions_capacity += other.transactions_capacity;
  buffers += other.buffers;
  buffer_bytes += other.buffer_bytes;
  buffer_bytes_highest += other.buffer_bytes_highest;
  buffer_bytes_capacity += other.buffer_bytes_capacity;
  timers_armed += other.timers_armed;
  return *this;
}

}  // namespace sipring
