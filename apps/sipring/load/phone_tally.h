// PhoneTally: what has become of the registrations and the incoming calls of the phones of a load
// generator, one for each shard.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/histogram.h>

#include <cstdint>

namespace sipring::app {

// Trivially copyable: another thread reads copies.
struct PhoneTally {
  std::uint64_t phones = 0;
  std::uint64_t pending = 0;     // of them: not registered yet, and not refused
  std::uint64_t registered = 0;  // of them: have been, at least once
  std::uint64_t refreshed = 0;   // registrations that went on, or were made anew
  std::uint64_t refused = 0;     // REGISTERs without a 2xx, challenges apart
  std::uint64_t lost_flows = 0;  // connections that ended below a registration
  std::uint64_t removed = 0;     // registrations, when the run ended

  std::uint64_t arrived = 0;    // INVITEs that begin a call
  std::uint64_t matched = 0;    // of them: of a call of ours, by its Call-ID
  std::uint64_t elsewhere = 0;  // by another connection than that of the registration
  std::uint64_t misrouted = 0;  // for a phone that is none of ours, or to another than was called
  std::uint64_t answered = 0;   // with 200
  std::uint64_t completed = 0;  // answered, and ended by a BYE
  std::uint64_t cancelled = 0;  // before the answer
  std::uint64_t failed = 0;     // all else
  std::uint64_t repeated = 0;   // 2xx that went once more: no ACK had come in time
  std::uint64_t open = 0;       // now

  Histogram registration;  // from a REGISTER to its 2xx
  Histogram arrival;       // of matched ones: from the instant when the call was due
  Histogram setup;         // from the INVITE's arrival to that of the ACK

  PhoneTally& operator+=(const PhoneTally& other);
};

}  // namespace sipring::app
