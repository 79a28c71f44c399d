// SPDX-License-Identifier: MIT
#include <sipring/core/histogram.h>

#include <cmath>

namespace sipring {

// The largest value of a bucket.
template <unsigned precision_bits>
std::uint64_t LogLinearHistogram<precision_bits>::end_of(std::size_t bucket) {
  constexpr std::size_t half = std::size_t{1} << (precision_bits - 1);
  if (bucket < 2 * half) return bucket;
  const std::size_t shift = bucket / half - 1;
  const std::uint64_t first = (half + bucket % half) << shift;
  return first + (std::uint64_t{1} << shift) - 1;
}

template <unsigned precision_bits>
LogLinearHistogram<precision_bits>& LogLinearHistogram<precision_bits>::operator+=(
    const LogLinearHistogram& other) {
  for (std::size_t i = 0; i < buckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  largest_ = std::max(largest_, other.largest_);
  return *this;
}

template <unsigned precision_bits>
LogLinearHistogram<precision_bits> LogLinearHistogram<precision_bits>::since(
    const LogLinearHistogram& earlier) const {
  LogLinearHistogram difference = *this;
  for (std::size_t i = 0; i < buckets; ++i) difference.counts_[i] -= earlier.counts_[i];
  difference.count_ -= earlier.count_;
  difference.sum_ -= earlier.sum_;
  return difference;
}

template <unsigned precision_bits>
std::uint64_t LogLinearHistogram<precision_bits>::count_below(unsigned exponent) const {
  const std::uint64_t bound = std::min(std::uint64_t{1} << std::min(exponent, 62U), most + 1);
  const std::size_t end = detail::log_linear_bucket<precision_bits>(bound - 1) + 1;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < end; ++i) count += counts_[i];
  return count;
}

template <unsigned precision_bits>
Duration LogLinearHistogram<precision_bits>::percentile(double percent) const {
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

template <unsigned precision_bits>
Duration LogLinearHistogram<precision_bits>::mean() const {
  return Duration(static_cast<std::int64_t>(count_ == 0 ? 0 : sum_ / count_));
}

template class LogLinearHistogram<7>;
template class LogLinearHistogram<5>;

}  // namespace sipring
