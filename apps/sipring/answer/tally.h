// What has become of the calls of `sipring answer`.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring::app {

struct AnswerTally {
  std::uint64_t answered = 0;        // 2xx sent
  std::uint64_t acknowledged = 0;    // and its ACK has come
  std::uint64_t unacknowledged = 0;  // 64*T1 without it: BYE sent
  std::uint64_t refused = 0;         // 3xx to 6xx sent, 487 apart
  std::uint64_t cancelled = 0;       // 487 sent
  std::uint64_t hung_up = 0;         // BYE received for a dialog of ours
  AnswerTally& operator+=(const AnswerTally& other) {
    answered += other.answered;
    acknowledged += other.acknowledged;
    unacknowledged += other.unacknowledged;
    refused += other.refused;
    cancelled += other.cancelled;
    hung_up += other.hung_up;
    return *this;
  }
};

}  // namespace sipring::app
