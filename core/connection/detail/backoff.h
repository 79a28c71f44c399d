// Backoff: which targets have failed, and when the next try is due (RFC 5626 section 4.5). A table
// of fixed size; a target that finds no place is tried at once.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/limits.h>
#include <sipring/core/time.h>
#include <sipring/pools/random.h>

#include <cstdint>
#include <memory_resource>
#include <vector>

namespace sipring {

class Backoff {
 public:
  // `seed` decides the jitter.
  Backoff(const ConnectionLimits& limits, std::uint64_t seed, std::pmr::memory_resource& memory);

  // `target` is a keyed hash of what is connected to, never 0.
  void failed(Instant now, std::uint64_t target);
  void succeeded(std::uint64_t target);
  // When it may be tried: now or earlier, unless it has failed.
  [[nodiscard]] Instant next_try(std::uint64_t target) const;

 private:
  struct Entry {
    std::uint64_t target = 0;  // 0: free
    Instant next_try = Instant::min();
    std::uint32_t failures = 0;
  };
  static constexpr std::uint32_t ways = 4;

  [[nodiscard]] const Entry* find(std::uint64_t target) const;
  [[nodiscard]] std::uint32_t first_of(std::uint64_t target) const;
  [[nodiscard]] Duration draw_wait(std::uint32_t failures);

  Duration first_;
  Duration longest_;
  SplitMix64 random_;
  std::pmr::vector<Entry> entries_;
};

}  // namespace sipring
