// What kind of run it is: how bad the network, how odd the users, how small the pools. Drawn once,
// so that a run is extreme in some ways rather than average in all.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/transaction/timers.h>

#include "tests/simulation/random.h"

namespace sipring::simulation {

// Chances are per mille.
struct Weights {
  Transport transport = Transport::udp;
  // network
  unsigned loss = 0;
  unsigned duplication = 0;
  unsigned corruption = 0;
  unsigned bounce = 0;  // the sender hears that it could not be delivered
  Duration delay{};
  Duration jitter{};  // beyond the delay: what reorders
  // transaction users
  unsigned begin = 0;           // a step starts a request
  unsigned invite = 0;          // and it is an INVITE
  unsigned cancel = 0;          // which is cancelled
  unsigned answer_at_once = 0;  // while the request is being handled
  unsigned provisional = 0;
  unsigned success = 0;
  unsigned silence = 0;   // a non-INVITE request is never answered
  unsigned mischief = 0;  // calls that must be refused
  Duration patience{};    // the longest time until an answer or a CANCEL
  // the machine
  unsigned failing_acquire = 0;
  unsigned stall = 0;  // the loop comes late
  Duration longest_stall{};
  std::uint32_t transactions = 0;
  std::uint32_t outputs = 0;
  std::uint32_t sends_in_flight = 0;
  TimerSettings timers;
};

Weights draw_weights(Random& random);

}  // namespace sipring::simulation
