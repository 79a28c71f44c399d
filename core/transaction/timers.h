// Timers of transactions: RFC 3261 Table 4 (appendix A), with L and M of RFC 6026.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/time.h>

#include <cstdint>

namespace sipring {

struct TimerSettings {
  Duration t1 = std::chrono::milliseconds(500);  // round-trip estimate
  Duration t2 = std::chrono::seconds(4);         // longest interval between retransmissions
  Duration t4 = std::chrono::seconds(5);         // longest life of a message in the network
};

enum class Timer : std::uint8_t { none, trying, a, b, d, e, f, g, h, i, j, k, l, m };

}  // namespace sipring
