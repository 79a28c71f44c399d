// The table of what io counts: every number of IoCounters is here once; those of the engine are in
// core/metrics/sample.cpp.
// SPDX-License-Identifier: MIT
#include <sipring/io/metrics.h>

#include <array>
#include <chrono>
#include <cstddef>

namespace sipring {
namespace {

using enum MetricFamily::Kind;

constexpr std::size_t send_failures = static_cast<std::size_t>(SendFailure::count);
constexpr std::array<std::string_view, send_failures> send_failure_labels{
    "send_no_buffers",    "send_too_large",   "send_refused",
    "send_not_permitted", "send_unreachable", "send_other"};

constexpr MetricFamily datagrams{
    "datagrams_total", counter, "Datagrams at the sockets", {"direction"}};
constexpr MetricFamily datagram_bytes{
    "datagram_bytes_total", counter, "Octets of datagrams at the sockets", {"direction"}};
constexpr MetricFamily turn_length{"turn_duration_seconds",
                                   histogram,
                                   "Turns of the event loop, from waking up to going to sleep",
                                   {},
                                   10,
                                   30};
constexpr MetricFamily cpu_seconds{
    "cpu_seconds_total", counter, "CPU time of the shard's thread", {"mode"}};

// One line of the table.
struct Row {
  MetricFamily family;
  std::uint64_t IoCounters::*number;
};
constexpr Row counter_rows[] = {
    {{"turns_total", counter, "Turns of the event loop"}, &IoCounters::turns},
    {{"completions_total", counter, "Completions of the ring"}, &IoCounters::completions},
    {{"system_calls_total", counter, "System calls of the event loop"}, &IoCounters::system_calls},
    {{"send_batches_total", counter, "Calls of sendmmsg"}, &IoCounters::send_batches},
    {{"runs_received_total", counter, "Runs of equal-sized datagrams that came as one (UDP_GRO)"},
     &IoCounters::runs_received},
    {{"segment_runs_total", counter,
      "Runs of equal-sized datagrams that left as one (UDP_SEGMENT)"},
     &IoCounters::segment_runs},
    {{"segments_refused_total", counter, "Devices found without UDP_SEGMENT"},
     &IoCounters::segments_refused},
    {{"receive_buffers_exhausted_total", counter,
      "Moments without a receive buffer though all were lent: the socket kept the datagrams "
      "(ENOBUFS)"},
     &IoCounters::enobufs_rearmed},
    {{"receive_errors_total", counter, "Errors of receiving"}, &IoCounters::receive_errors},
    {{"icmp_errors_total", counter, "ICMP errors about what we sent"}, &IoCounters::icmp_errors},
    {{"sends_blocked_total", counter, "Full sockets: the rest waited"}, &IoCounters::send_blocked},
    {{"handed_over_total", counter, "Datagrams given to their home shard"},
     &IoCounters::handed_over},
    {{"taken_over_total", counter, "Datagrams that another shard gave to this one"},
     &IoCounters::taken_over},
    {{"wakes_total", counter, "Other shards woken"}, &IoCounters::wakes},
};
constexpr MetricFamily busy{"busy_seconds_total", counter, "Time outside of the wait", {}};
constexpr MetricFamily sending{"sending_seconds_total", counter, "Time inside of sendmmsg", {}};

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

void walk_datagrams(const IoCounters& io, const MetricWalk& walk) {
  walk({datagrams, {"received"}, static_cast<double>(io.datagrams_received)});
  walk({datagrams, {"sent"}, static_cast<double>(io.datagrams_sent)});
  walk({datagram_bytes, {"received"}, static_cast<double>(io.bytes_received)});
  walk({datagram_bytes, {"sent"}, static_cast<double>(io.bytes_sent)});
}

void walk_drops(const IoCounters& io, const MetricWalk& walk) {
  walk({drops_family, {"truncated"}, static_cast<double>(io.truncated)});
  walk({drops_family, {"hand_over_full"}, static_cast<double>(io.hand_over_full)});
  walk({drops_family, {"send_queue_full"}, static_cast<double>(io.send_queue_full)});
  for (std::size_t i = 0; i < send_failures; ++i) {
    walk({drops_family, {send_failure_labels[i]}, static_cast<double>(io.send_failures[i])});
  }
}

}  // namespace

Metrics& Metrics::operator+=(const Metrics& other) {
  engine += other.engine;
  io += other.io;
  pools += other.pools;
  calls += other.calls;
  user_time += other.user_time;
  system_time += other.system_time;
  if (last_malformed.port == 0 || (taken < other.taken && other.last_malformed.port != 0)) {
    last_malformed = other.last_malformed;
  }
  taken = taken < other.taken ? other.taken : taken;
  connections += other.connections;
  tls += other.tls;
  return *this;
}

void each_sample(const Metrics& metrics, const MetricWalk& walk) {
  each_sample(metrics.engine, walk);
  walk_drops(metrics.io, walk);
  each_sample(metrics.pools, walk);
  each_sample(metrics.calls, walk);
  walk_datagrams(metrics.io, walk);
  for (const Row& row : counter_rows)
    walk({row.family, {}, static_cast<double>(metrics.io.*row.number)});
  walk({turn_length, {}, 0, &metrics.io.turn_lengths});
  walk({busy, {}, seconds(metrics.io.busy)});
  walk({sending, {}, seconds(metrics.io.sending)});
  walk({cpu_seconds, {"user"}, seconds(metrics.user_time)});
  walk({cpu_seconds, {"system"}, seconds(metrics.system_time)});
  each_sample(metrics.connections, walk);
  each_sample(metrics.tls, walk);
}

}  // namespace sipring
