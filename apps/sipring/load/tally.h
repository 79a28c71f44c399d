// LoadTally: what has become of the calls and requests of a load generator, one for each shard.
// SPDX-License-Identifier: MIT
#pragma once

#include <load/phone_tally.h>

#include <sipring/core/auth/digest_client.h>
#include <sipring/core/histogram.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring::app {

enum class Failure : std::uint8_t {
  refused,       // a final response from 300 to 699
  unauthorized,  // one of 401 or 407, for which there are no credentials
  timed_out,     // no final response within 64*T1
  transport,     // the network said that it cannot be delivered, or no name server knows where
  unusable,      // a response that cannot be gone on with: no Contact, or longer than we keep
  unregistered,  // no phone was there to call from, or to be called
  no_room,       // our own: no session, transaction or buffer left
  unfinished,    // still open when the run was over
  count,
};
[[nodiscard]] std::string_view to_string(Failure failure);

// Trivially copyable: another thread reads copies.
struct LoadTally {
  static constexpr std::size_t failure_kinds = static_cast<std::size_t>(Failure::count);
  static constexpr std::size_t digest_error_kinds =
      static_cast<std::size_t>(DigestError::no_room) + 1;

  std::uint64_t started = 0;  // as scheduled, those for which there was no room too
  std::uint64_t succeeded = 0;
  std::array<std::uint64_t, failure_kinds> failures{};
  std::uint64_t challenged = 0;  // requests sent again with credentials
  std::array<std::uint64_t, digest_error_kinds> unanswered{};  // challenges, by DigestError
  std::uint64_t failovers = 0;              // requests that went on to the next target of a name
  std::array<std::uint64_t, 7> statuses{};  // final responses by class; [2] is 2xx
  std::uint64_t late = 0;                   // begun more than 10 ms after their time: our own limit
  std::uint64_t outstanding = 0;            // begun and not ended
  Histogram answer;                         // from the scheduled instant to the final response
  Histogram ringing;                        // from there to the first 180 or 183
  std::uint64_t repeated = 0;               // 2xx of INVITEs that came once more: a lost ACK
  Histogram bye;                            // from the BYE to its final response
  PhoneTally phones;

  [[nodiscard]] std::uint64_t failed() const;
  [[nodiscard]] std::uint64_t& operator[](Failure failure) {
    return failures[static_cast<std::size_t>(failure)];
  }
  LoadTally& operator+=(const LoadTally& other);
};

}  // namespace sipring::app
