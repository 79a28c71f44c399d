// ShardSnapshot: what a shard has done, copied out for other threads some twenty times a second.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/counters.h>
#include <sipring/core/time.h>
#include <sipring/io/io_counters.h>

#include <cstdint>

namespace sipring {

struct ShardSnapshot {
  Counters engine;
  IoCounters io;
  std::uint32_t transactions_alive = 0;
  Duration user_time{};    // CPU time of the shard's thread (getrusage): user mode
  Duration system_time{};  // and kernel, where loopback also bills the receiver's half of a send
  Instant taken{};

  ShardSnapshot& operator+=(const ShardSnapshot& other) {
    engine += other.engine;
    io += other.io;
    transactions_alive += other.transactions_alive;
    user_time += other.user_time;
    system_time += other.system_time;
    taken = taken < other.taken ? other.taken : taken;
    return *this;
  }
};

}  // namespace sipring
