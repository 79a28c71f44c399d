// Metrics: what a shard has done and how full it is, copied out for other threads some twenty times
// a second. For embedders: Server::metrics(shard), or Server::metrics() for the sum.
//
// Everything is a plain number; counters only grow. each_sample() walks all of them with their
// names and what they mean, which docs/metrics.md lists.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/counters.h>
#include <sipring/core/connection/counters.h>
#include <sipring/core/counters.h>
#include <sipring/core/metrics/sample.h>
#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/io/io_counters.h>

#include <cstdint>

namespace sipring {

struct Metrics {
  Counters engine;
  IoCounters io;
  PoolUse pools;
  Duration user_time{};    // CPU time of the shard's thread (getrusage): user mode
  Duration system_time{};  // and kernel, where loopback also bills the receiver's half of a send
  Instant taken{};
  // Where the last message came from that was no SIP, or none that we can use; port 0: none has.
  NetworkAddress last_malformed;
  ConnectionCounters connections;
  TlsCounters tls;
  CallCounters calls = {};  // of a user that has calls

  // Of two shards, or of two servers.
  Metrics& operator+=(const Metrics& other);
};

void each_sample(const Metrics& metrics, const MetricWalk& walk);

}  // namespace sipring
