// The one source of chance of a run: the same on every machine, so that a seed is a run.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/pools/random.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace sipring::simulation {

// The library's distributions differ between libraries.
class Random : public SplitMix64 {
 public:
  using SplitMix64::SplitMix64;

  std::size_t below(std::size_t bound) { return next() % bound; }
  bool chance(unsigned per_mille) { return below(1'000) < per_mille; }
  // Up to `longest`, short ones more often.
  Duration up_to(Duration longest) {
    const auto span = static_cast<std::uint64_t>(longest.count()) + 1;
    const std::uint64_t bound = next() % span + 1;
    return Duration(static_cast<std::int64_t>(next() % bound));
  }
  template <class T>
  T pick(std::initializer_list<T> choices) {
    return choices.begin()[below(choices.size())];
  }
};

}  // namespace sipring::simulation
