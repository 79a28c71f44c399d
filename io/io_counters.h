// What a shard's sockets, ring and TLS have seen and done. Plain numbers owned by one shard, as
// core/counters.h; their names are in io/metrics.cpp.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/histogram.h>
#include <sipring/core/metrics/sample.h>
#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/io/tls_failure.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace sipring {

// Why the kernel refused to send a datagram.
enum class SendFailure : std::uint8_t {
  no_buffers,     // ENOBUFS, ENOMEM
  too_large,      // EMSGSIZE
  refused,        // ECONNREFUSED
  not_permitted,  // EPERM, EACCES
  unreachable,    // ENETUNREACH, EHOSTUNREACH, ENETDOWN, EADDRNOTAVAIL
  other,
  count,
};
[[nodiscard]] std::string_view to_string(SendFailure failure);
[[nodiscard]] SendFailure send_failure_of(int error_number);

struct IoCounters {
  std::uint64_t turns = 0;
  std::uint64_t completions = 0;
  std::uint64_t system_calls = 0;
  std::uint64_t datagrams_received = 0;
  std::uint64_t datagrams_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t runs_received = 0;     // receives that carried more than one datagram
  std::uint64_t send_batches = 0;      // calls of sendmmsg
  std::uint64_t segment_runs = 0;      // sends that carried more than one datagram
  std::uint64_t segments_refused = 0;  // a device without UDP_SEGMENT: sent one by one since
  std::uint64_t truncated = 0;         // larger than a receive buffer: dropped
  std::uint64_t enobufs_rearmed =
      0;  // the kernel had no receive buffer for a moment; the socket kept the datagrams
  std::uint64_t receive_errors = 0;
  std::uint64_t icmp_errors = 0;   // a peer or router told that something we sent was not delivered
  std::uint64_t send_blocked = 0;  // EAGAIN: the rest waited for the socket
  std::uint64_t send_queue_full = 0;  // dropped
  std::uint64_t handed_over = 0;      // datagrams given to their home shard
  std::uint64_t hand_over_full = 0;   // dropped: the home shard does not keep up
  std::uint64_t taken_over = 0;       // datagrams that another shard gave to us
  std::uint64_t wakes = 0;            // other shards woken
  std::array<std::uint64_t, static_cast<std::size_t>(SendFailure::count)> send_failures{};
  Duration busy{};     // wall time outside of the wait
  Duration sending{};  // the part of it inside sendmmsg; the rest of busy is user mode, interrupts
                       // included
  DurationHistogram turn_lengths;  // busy, turn by turn

  [[nodiscard]] std::uint64_t& operator[](SendFailure failure) {
    return send_failures[static_cast<std::size_t>(failure)];
  }
  [[nodiscard]] std::uint64_t operator[](SendFailure failure) const {
    return send_failures[static_cast<std::size_t>(failure)];
  }
  IoCounters& operator+=(const IoCounters& other);
};

// Handshakes, resumptions, and failures by reason.
struct TlsCounters {
  std::uint64_t handshakes = 0;  // that ended well
  std::uint64_t resumed = 0;     // of these
  std::uint64_t postponed = 0;   // steps of handshakes that waited for a later turn
  std::array<std::uint64_t, tls_failure_codes> failures{};  // by TlsFailureCode
  // The last failure's; port 0: there has been none.
  NetworkAddress last_peer;
  TlsFailureCode last_code = TlsFailureCode::internal;

  TlsCounters& operator+=(const TlsCounters& other);
  void note_failure(TlsFailureCode code, const NetworkAddress& peer);
  [[nodiscard]] std::uint64_t all_failures() const {
    return std::accumulate(failures.begin(), failures.end(), std::uint64_t{0});
  }
};

void each_sample(const TlsCounters& counters, const MetricWalk& walk);

}  // namespace sipring
