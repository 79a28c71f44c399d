// Snapshot: what a shard tells other threads of itself, some twenty times a second while it has
// something to tell.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/time.h>
#include <sipring/io/io_counters.h>
#include <sipring/io/metrics.h>
#include <sipring/io/published.h>
#include <sipring/io/stream/ports.h>

#include <cstdint>

namespace sipring {

class Snapshot {
 public:
  explicit Snapshot(Published<Metrics>& published) : published_(published) {}

  void begin(Instant now) { published_at_ = now; }
  // Something has happened since the last one.
  void note(bool anything = true) { is_old_ |= anything; }
  // When the next one is due; `never` while there is nothing to tell.
  [[nodiscard]] Instant deadline() const { return is_old_ ? published_at_ + interval : never; }
  // `calls`: null where there are none.
  void publish(Instant now, const Engine& engine, const IoCounters& counters,
               const StreamPorts& streams, const CallCounters* calls, std::uint64_t system_calls);

 private:
  static constexpr Duration interval = std::chrono::milliseconds(50);

  Published<Metrics>& published_;
  Instant published_at_{};
  bool is_old_ = false;
};

}  // namespace sipring
