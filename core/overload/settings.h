// What an engine does against overload. Everything is off by default and costs nothing then; the
// turn budget of the shards is in core/overload/turn_budget.h.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring {

struct OverloadSettings {
  // Of one source (core/overload/detail/source_key.h); 0: no limit. What is over the rate is
  // answered with 503 at most as often again, and then not at all.
  std::uint32_t source_rate = 0;          // requests a second that begin a transaction
  std::uint32_t source_burst = 0;         // of them at once; 0: as many as in 100 ms, 10 at least
  std::uint32_t source_transactions = 0;  // server transactions alive
  std::uint32_t sources = 4'096;          // remembered at once, 32 octets each

  // The transaction pool's last sixteenth is not for registrations, and its last thirty-second for
  // calls within dialogs and emergencies alone. Otherwise Limits::one_reserved_of is all there is.
  bool pool_by_priority = false;

  // RFC 7339 as a server: responses tell clients that ask for it how much to send. Refusals go
  // without Retry-After then (section 5.10.2).
  bool advertise = false;
  bool prefer_rate = false;         // RFC 7415 for clients that know it; otherwise loss for all
  std::uint32_t validity_ms = 500;  // of what is told

  // RFC 7339 as a client: requests ask for it, and send() honours what the next hop tells.
  bool honour = false;
  std::uint32_t peers = 256;  // overloaded at once; more: the first to expire is forgotten
};

}  // namespace sipring
