// SPDX-License-Identifier: MIT
#include <sipring/core/pool_use.h>

namespace sipring {

PoolUse& PoolUse::operator+=(const PoolUse& other) {
  transactions += other.transactions;
  transactions_highest += other.transactions_highest;
  transactions_capacity += other.transactions_capacity;
  buffers += other.buffers;
  buffer_bytes += other.buffer_bytes;
  buffer_bytes_highest += other.buffer_bytes_highest;
  buffer_bytes_capacity += other.buffer_bytes_capacity;
  timers_armed += other.timers_armed;
  return *this;
}

}  // namespace sipring
