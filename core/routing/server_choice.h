// ServerChoice: SRV records one after the other, in the order of RFC 2782: the lowest priority
// first, within it at random by weight. Drawn one by one, which gives the same orders with the same
// odds as arranging them all.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/record.h>
#include <sipring/core/dns/response.h>

#include <cstdint>

namespace sipring {

// Numbers drawn from a seed (SplitMix64: Steele, Lea and Flood, 2014).
class Draws {
 public:
  explicit constexpr Draws(std::uint64_t seed) : state_(seed) {}
  // 0 to `most`.
  [[nodiscard]] constexpr std::uint64_t up_to(std::uint64_t most) {
    std::uint64_t word = state_ += 0x9e3779b97f4a7c15;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) * 0x94d049bb133111eb;
    return (word ^ word >> 31) % (most + 1);
  }

 private:
  std::uint64_t state_;
};

class ServerChoice {
 public:
  ServerChoice() = default;
  explicit ServerChoice(dns::Records records) : records_(std::move(records)) {}

  // nullptr after the last; valid as long as this object.
  [[nodiscard]] const dns::Record* next(Draws& draws);
  [[nodiscard]] bool empty() const { return records_.empty(); }

 private:
  static_assert(dns::most_records <= 64);
  [[nodiscard]] bool is_left(std::size_t index) const { return (taken_ >> index & 1) == 0; }

  dns::Records records_;
  std::uint64_t taken_ = 0;
};

}  // namespace sipring
