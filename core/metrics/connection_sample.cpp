// The table of what stream connections count: every number of ConnectionCounters is here once.
// SPDX-License-Identifier: MIT
#include <sipring/core/connection/counters.h>
#include <sipring/core/metrics/sample.h>

#include <cstddef>

namespace sipring {
namespace {

using enum MetricFamily::Kind;

constexpr MetricFamily open{"connections", gauge, "Stream connections of every state", {}};
constexpr MetricFamily opened{
    "connections_opened_total", counter, "Stream connections that peers, or we, opened", {"by"}};
constexpr MetricFamily handshakes{
    "connection_handshakes_total", counter, "Handshakes of TLS and WebSockets that ended well", {}};
constexpr MetricFamily bytes{
    "connection_bytes_total", counter, "Octets of messages over connections", {"direction"}};
constexpr MetricFamily connection_messages{
    "connection_messages_total", counter, "Messages that came over connections", {}};
constexpr MetricFamily keep_alives{
    "connection_keep_alives_total", counter, "Pairs of CRLF that were answered (RFC 5626)", {}};
constexpr MetricFamily bans{
    "connection_bans_total", counter, "Sources that broke rules too often", {}};
constexpr MetricFamily refused{
    "connections_refused_total", counter, "Connections that were not taken, and why", {"reason"}};
constexpr MetricFamily closed{
    "connections_closed_total", counter, "Connections that have ended, and why", {"reason"}};
constexpr MetricFamily unsent{"connection_sends_refused_total",
                              counter,
                              "Messages that no connection took, and why",
                              {"reason"}};
constexpr MetricFamily undelivered{"connection_sends_undelivered_total",
                                   counter,
                                   "Messages that were queued when their connection ended",
                                   {}};

void walk_one(const MetricFamily& family, std::string_view label, std::uint64_t value,
              const MetricWalk& walk) {
  walk({family, {label}, static_cast<double>(value)});
}

template <class Reason, std::size_t count>
void walk_reasons(const MetricFamily& family, const std::array<std::uint64_t, count>& numbers,
                  const MetricWalk& walk) {
  for (std::size_t i = 0; i < count; ++i)
    walk_one(family, to_string(static_cast<Reason>(i)), numbers[i], walk);
}

}  // namespace

void each_sample(const ConnectionCounters& counters, const MetricWalk& walk) {
  walk_one(open, {}, counters.open, walk);
  walk_one(opened, "peer", counters.accepted, walk);
  walk_one(opened, "us", counters.connected, walk);
  walk_one(handshakes, {}, counters.handshakes, walk);
  walk_one(bytes, "received", counters.bytes_in, walk);
  walk_one(bytes, "sent", counters.bytes_out, walk);
  walk_one(connection_messages, {}, counters.messages_in, walk);
  walk_one(keep_alives, {}, counters.keep_alives, walk);
  walk_one(bans, {}, counters.bans, walk);
  walk_reasons<AcceptRefusal>(refused, counters.refused, walk);
  walk_reasons<CloseReason>(closed, counters.closed, walk);
  walk_reasons<StreamSendError>(unsent, counters.unsent, walk);
  walk_one(undelivered, {}, counters.undelivered, walk);
}

}  // namespace sipring
