// Outputs: takes what the engine puts out to where it leaves. Messages go to the carrier whose flow
// they have, all else to the transaction user; what could not leave is told to the engine when
// all outputs are taken.
//
// A carrier has two places here: its flows in transmit(), and its flush.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/shard/detail/leaving.h>
#include <sipring/io/detail/failed_sends.h>
#include <sipring/io/io_counters.h>
#include <sipring/io/names/naming.h>
#include <sipring/io/post/post.h>
#include <sipring/io/stream/ports.h>
#include <sipring/io/transaction_user.h>
#include <sipring/io/udp/ports.h>

#include <cstdint>

namespace sipring {

class Outputs {
 public:
  struct Parts {
    std::uint32_t shard;
    Engine& engine;
    TransactionUser& user;
    const Leaving& leaving;
    Post& post;
    UdpPorts& udp;
    StreamPorts& streams;
    Naming* naming;  // nullptr: there is none
    KeepAlives& keep_alives;
    FailedSends& failed;
    IoCounters& counters;
    Arrivals& arrivals;  // word of earlier sends that a flush comes upon
  };
  explicit Outputs(const Parts& parts) : parts_(parts) {}

  // After each input: outputs until there are none.
  void take_all(Instant now);
  // Pings that are due, and connections without an answer to one.
  void keep_alive(Instant now);
  // Sends all that waits, and tells what has failed, as often as that makes the engine send more.
  // `take_arrivals()` is called in between.
  template <class TakeArrivals>
  void flush(Instant now, TakeArrivals&& take_arrivals);
  // Failures that have not been told.
  [[nodiscard]] bool has_failures() const { return parts_.failed.size() != 0; }

 private:
  // A failed send may make the engine send again, and fail again; the rest is for the next turn.
  static constexpr std::uint32_t flush_rounds = 4;

  void take_engine(Instant now);
  void transmit(Instant now, Transmit&& message);
  bool tell_failures(Instant now);

  Parts parts_;
};

template <class TakeArrivals>
void Outputs::flush(Instant now, TakeArrivals&& take_arrivals) {
  for (std::uint32_t round = 0; round < flush_rounds; ++round) {
    parts_.udp.flush(parts_.arrivals);
    parts_.streams.flush(now);
    take_arrivals();
    if (!tell_failures(now)) return;
  }
}

}  // namespace sipring
