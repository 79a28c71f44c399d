// What kind of run it is: how many nodes of which kind, how bad the network, how odd the users, how
// small the pools. Drawn once, so that a run is extreme in some ways rather than average in all;
// each thing that may go wrong is absent from some runs.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/overload/turn_budget.h>
#include <sipring/core/transaction/timers.h>

#include <optional>

#include "tests/simulation/random.h"

namespace sipring::simulation {

// Chances are per mille.
struct Weights {
  Transport transport = Transport::udp;
  // topology
  unsigned peers = 2;
  unsigned proxies = 0;
  unsigned rule_breakers = 0;
  std::uint32_t most_shards = 1;  // of a node
  // network
  unsigned loss = 0;
  unsigned duplication = 0;
  unsigned corruption = 0;
  unsigned bounce = 0;  // the sender hears that it could not be delivered
  Duration delay{};
  Duration jitter{};       // beyond the delay: what reorders
  unsigned asymmetry = 0;  // a direction of a link is better or worse than the others
  // hand-over between the shards of a node
  Duration longest_handover{};
  std::uint32_t mailbox = 0;          // messages that wait; more are lost
  std::uint32_t receive_buffers = 1;  // of a shard; what finds none is lost
  unsigned reset = 0;                 // a message finds its shard's connections closed
  unsigned removal = 0;               // a message finds that one of the shards is to go
  // transaction users
  unsigned begin = 0;           // a step starts a request
  unsigned via_proxy = 0;       // which goes to a proxy, where there is one
  unsigned invite = 0;          // and it is an INVITE
  unsigned cancel = 0;          // which is cancelled
  unsigned crossing = 0;        // just when it is being answered
  unsigned answer_at_once = 0;  // while the request is being handled
  unsigned provisional = 0;
  unsigned success = 0;
  unsigned tells_ack = 0;  // the engine hears of the ACK of a 2xx
  unsigned own_text = 0;   // an answer has what others have not
  unsigned silence = 0;    // a non-INVITE request is never answered
  unsigned hang_up = 0;    // a call is ended by a BYE along its route set
  unsigned mischief = 0;   // calls that must be refused
  Duration patience{};     // the longest time until an answer or a CANCEL
  unsigned most_forks = 1;
  // rule_breakers
  unsigned outrage = 0;  // a step is theirs
  unsigned retort = 0;   // what they receive has an odd answer
  unsigned flood = 0;    // the most messages of a burst
  // the machine
  unsigned failing_acquire = 0;
  unsigned failing_send = 0;  // a message does not get as far as the network
  unsigned stall = 0;         // the loop comes late
  Duration longest_stall{};
  Duration work{};  // the most that a message takes
  TurnLimits turn_limits;
  unsigned suspend = 0;  // per million: the clock jumps far ahead
  std::uint32_t transactions = 0;
  std::optional<Duration> remember_at_least;  // as in Limits
  std::uint32_t outputs = 0;
  std::uint32_t sends_in_flight = 0;
  TimerSettings timers;

  // Some messages are not what their sender wrote, or their sender is no engine.
  [[nodiscard]] bool may_forge() const { return corruption != 0 || rule_breakers != 0; }
};

Weights draw_weights(Random& random);

}  // namespace sipring::simulation
