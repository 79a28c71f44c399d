// PoolUse: how much of what was sized at construction (core/limits.h) is taken, at one moment.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring {

struct PoolUse {
  std::uint64_t transactions = 0;          // alive
  std::uint64_t transactions_highest = 0;  // most that were alive at once
  std::uint64_t transactions_capacity = 0;
  std::uint64_t buffers = 0;       // messages that are kept or on their way out
  std::uint64_t buffer_bytes = 0;  // of memory that they occupy, in whole chunks
  std::uint64_t buffer_bytes_highest = 0;
  std::uint64_t buffer_bytes_capacity = 0;
  std::uint64_t timers_armed = 0;

  // Of two shards. The highest add up, too: at no moment have there been more.
  PoolUse& operator+=(const PoolUse& other);
};

}  // namespace sipring
