// What became of the requests of one turn of an overloaded shard: core/overload/turn_budget.h.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring {

struct TurnReport {
  std::uint32_t requests = 0;  // all that came
  std::uint32_t served = 0;    // of them
  std::uint32_t unread = 0;    // messages that were not even refused
};

}  // namespace sipring
