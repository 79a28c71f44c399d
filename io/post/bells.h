// Bells: how a shard wakes another one that sleeps in its wait, and is woken itself. By MSG_RING
// from ring to ring, by an eventfd from anywhere.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/detail/token.h>
#include <sipring/io/detail/uring.h>
#include <sipring/io/io_counters.h>

#include <cstdint>
#include <span>

namespace sipring {

// Of one shard, for the others.
struct WakeTarget {
  int ring_fd = -1;
  int event_fd = -1;
};

class Bells {
 public:
  // `targets` of all shards are complete when the first bell is rung. `event_file`: the shard's own
  // eventfd among the ring's files.
  Bells(Uring& uring, std::span<const WakeTarget> targets, std::uint32_t event_file,
        IoCounters& counters)
      : uring_(uring), targets_(targets), event_file_(event_file), counters_(counters) {}

  void ring(std::uint32_t shard);
  // Reads the eventfd, once.
  void listen();
  // The other ring could not take the message, or somebody has rung for us.
  void on_completion(const CompletionToken& token);

 private:
  void ring_by_event(std::uint32_t shard);

  Uring& uring_;
  std::span<const WakeTarget> targets_;
  std::uint32_t event_file_;
  std::uint64_t event_value_ = 0;
  IoCounters& counters_;
};

}  // namespace sipring
