// Tallies: the sum of what the shards' users tell when they end, on the shards' threads.
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/tally.h>

#include <mutex>

namespace sipring::app {

class Tallies {
 public:
  void add(const AnswerTally& tally) {
    const std::scoped_lock lock(mutex_);
    sum_ += tally;
  }
  [[nodiscard]] AnswerTally sum() const { return sum_; }  // after all have ended

 private:
  std::mutex mutex_;
  AnswerTally sum_;
};

}  // namespace sipring::app
