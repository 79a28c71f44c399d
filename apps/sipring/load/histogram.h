// Histogram: durations counted in buckets that grow with the duration, so that every percentile is
// right within 1.6 % from microseconds to minutes, in a fixed amount of memory.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sipring {

class Histogram {
 public:
  // Negative durations count as zero, those above an hour as an hour.
  void record(Duration duration) {
    const std::uint64_t value = value_of(duration);
    ++counts_[bucket_of(value)];
    ++count_;
    sum_ += value;
    if (value > largest_) largest_ = value;
  }
  Histogram& operator+=(const Histogram& other);
  // What was recorded since `earlier`, which is a copy of this made then; largest() is that of the
  // whole.
  [[nodiscard]] Histogram since(const Histogram& earlier) const;

  [[nodiscard]] std::uint64_t count() const { return count_; }
  // The duration that `percent` of all recorded ones do not exceed, rounded up to the end of its
  // bucket; zero when there are none.
  [[nodiscard]] Duration percentile(double percent) const;
  [[nodiscard]] Duration largest() const { return Duration(static_cast<std::int64_t>(largest_)); }
  [[nodiscard]] Duration mean() const;

 private:
  // 64 buckets for each power of two; below 128 ns each value has its own.
  static constexpr unsigned precision_bits = 7;
  static constexpr std::uint64_t most = 3'600'000'000'000;
  static constexpr std::size_t bucket_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    if (width <= precision_bits) return value;
    const unsigned shift = width - precision_bits;
    return (std::size_t{shift} << (precision_bits - 1)) + static_cast<std::size_t>(value >> shift);
  }
  static constexpr std::size_t buckets = 2352;  // histogram.cpp holds it against bucket_of(most)
  static std::uint64_t value_of(Duration duration);
  static std::uint64_t end_of(std::size_t bucket);

  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t largest_ = 0;
};

}  // namespace sipring
