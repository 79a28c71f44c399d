// What has become of the calls of a shard, for metrics: counters only grow.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/output.h>
#include <sipring/core/histogram.h>
#include <sipring/core/metrics/sample.h>

#include <array>
#include <cstdint>

namespace sipring {

inline constexpr std::size_t ways_to_end = 9;  // of EndedBy

struct CallCounters {
  std::uint64_t begun = 0, established = 0;
  std::uint64_t accepted = 0;      // 2xx that we have sent to an INVITE or re-INVITE
  std::uint64_t acknowledged = 0;  // of them: their ACK has come
  std::array<std::uint64_t, ways_to_end> ended = {};  // by EndedBy
  std::uint64_t orphans = 0;  // of them: nothing was heard of the far side any more
  std::uint64_t refused_full = 0;
  std::uint64_t turned_away = 0;  // requests that were refused without a call
  std::uint64_t alive = 0;        // now
  DurationHistogram lifetimes;    // of calls that were established, from their 2xx to their end

  CallCounters& operator+=(const CallCounters& other);
};

void each_sample(const CallCounters& counters, const MetricWalk& walk);

}  // namespace sipring
