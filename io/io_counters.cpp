// SPDX-License-Identifier: MIT
#include <sipring/io/io_counters.h>

#include <cerrno>

namespace sipring {

std::string_view to_string(SendFailure failure) {
  switch (failure) {
    case SendFailure::no_buffers: return "no_buffers";
    case SendFailure::too_large: return "too_large";
    case SendFailure::refused: return "refused";
    case SendFailure::not_permitted: return "not_permitted";
    case SendFailure::unreachable: return "unreachable";
    case SendFailure::other: return "other";
    case SendFailure::count: break;
  }
  return "unknown";
}

SendFailure send_failure_of(int error_number) {
  switch (error_number) {
    case ENOBUFS:
    case ENOMEM: return SendFailure::no_buffers;
    case EMSGSIZE: return SendFailure::too_large;
    case ECONNREFUSED: return SendFailure::refused;
    case EPERM:
    case EACCES: return SendFailure::not_permitted;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL: return SendFailure::unreachable;
    default: return SendFailure::other;
  }
}

IoCounters& IoCounters::operator+=(const IoCounters& other) {
  turns += other.turns;
  system_calls += other.system_calls;
  datagrams_received += other.datagrams_received;
  datagrams_sent += other.datagrams_sent;
  bytes_received += other.bytes_received;
  bytes_sent += other.bytes_sent;
  runs_received += other.runs_received;
  segment_runs += other.segment_runs;
  segments_refused += other.segments_refused;
  truncated += other.truncated;
  enobufs_rearmed += other.enobufs_rearmed;
  receive_errors += other.receive_errors;
  icmp_errors += other.icmp_errors;
  send_blocked += other.send_blocked;
  send_queue_full += other.send_queue_full;
  handed_over += other.handed_over;
  hand_over_full += other.hand_over_full;
  taken_over += other.taken_over;
  wakes += other.wakes;
  for (std::size_t i = 0; i < send_failures.size(); ++i) send_failures[i] += other.send_failures[i];
  busy += other.busy;
  sending += other.sending;
  return *this;
}

}  // namespace sipring
