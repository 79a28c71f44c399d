// Waits for a fact about what shards publish.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/clock.h>

#include <chrono>
#include <thread>

namespace sipring::test {

// Whether it comes true within ten seconds.
template <class Fact>
bool comes_true(Fact&& fact) {
  const Instant end = read_clock() + std::chrono::seconds(10);
  while (!fact()) {
    if (read_clock() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace sipring::test
