// The one source of chance of a run: the same on every machine, so that a seed is a run.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace sipring::simulation {

// SplitMix64 (Steele, Lea, Flood, 2014). The library's distributions differ between libraries.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
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

 private:
  std::uint64_t state_;
};

}  // namespace sipring::simulation
