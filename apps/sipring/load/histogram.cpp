// SPDX-License-Identifier: MIT
#include <load/histogram.h>

#include <algorithm>
#include <cmath>

namespace sipring {

std::uint64_t Histogram::value_of(Duration duration) {
  static_assert(bucket_of(most) < buckets);
  const auto value = std::max<std::int64_t>(duration.count(), 0);
  return std::min(static_cast<std::uint64_t>(value), most);
}

// The largest value of a bucket.
std::uint64_t Histogram::end_of(std::size_t bucket) {
  constexpr std::size_t half = std::size_t{1} << (precision_bits - 1);
  if (bucket < 2 * half) return bucket;
  const std::size_t shift = bucket / half - 1;
  const std::uint64_t first = (half + bucket % half) << shift;
  return first + (std::uint64_t{1} << shift) - 1;
}

Histogram& Histogram::operator+=(const Histogram& other) {
  for (std::size_t i = 0; i < buckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  largest_ = std::max(largest_, other.largest_);
  return *this;
}

Histogram Histogram::since(const Histogram& earlier) const {
  Histogram difference = *this;
  for (std::size_t i = 0; i < buckets; ++i) difference.counts_[i] -= earlier.counts_[i];
  difference.count_ -= earlier.count_;
  difference.sum_ -= earlier.sum_;
  return difference;
}

Duration Histogram::percentile(double percent) const {
  const auto wanted =
      static_cast<std::uint64_t>(std::ceil(percent / 100 * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets; ++i) {
    seen += counts_[i];
    if (counts_[i] != 0 && seen >= wanted) {
      return Duration(static_cast<std::int64_t>(std::min(end_of(i), largest_)));
    }
  }
  return {};
}

Duration Histogram::mean() const {
  return Duration(static_cast<std::int64_t>(count_ == 0 ? 0 : sum_ / count_));
}

}  // namespace sipring
