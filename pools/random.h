// SplitMix64: numbers drawn from a seed (Steele, Lea and Flood, "Fast splittable pseudorandom
// number generators", 2014). The same seed gives the same numbers on every machine; whoever has
// seen one can foresee the next, so nothing secret is made of them.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring {

class SplitMix64 {
 public:
  explicit constexpr SplitMix64(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] constexpr std::uint64_t next() {
    std::uint64_t word = state_ += 0x9e3779b97f4a7c15;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) * 0x94d049bb133111eb;
    return word ^ word >> 31;
  }
  // 0 to `most`, which is not the largest of all numbers.
  [[nodiscard]] constexpr std::uint64_t up_to(std::uint64_t most) { return next() % (most + 1); }

 private:
  std::uint64_t state_;
};

}  // namespace sipring
