// Structs of nothing but numbers, word by word: that each is added up, and shown once.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/metrics/sample.h>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

namespace sipring::test {

// Everything zero but one word.
template <class Numbers>
Numbers with_one_at(std::size_t word) {
  static_assert(std::is_trivially_copyable_v<Numbers> && sizeof(Numbers) % 8 == 0);
  Numbers numbers;
  const std::uint64_t one = 1;
  std::memcpy(reinterpret_cast<char*>(&numbers) + word * 8, &one, sizeof one);
  return numbers;
}

template <class Numbers>
void expect_to_add_up() {
  for (std::size_t word = 0; word < sizeof(Numbers) / 8; ++word) {
    const auto one = with_one_at<Numbers>(word);
    Numbers sum;
    sum += one;
    EXPECT_EQ(std::memcmp(&sum, &one, sizeof sum), 0) << "word " << word << " is not added";
  }
}

// The rows that are not zero, as "name received INVITE".
template <class Numbers>
std::string rows_of(const Numbers& numbers) {
  std::string rows;
  each_sample(numbers, [&](const MetricSample& sample) {
    if (sample.histogram != nullptr ? sample.histogram->count() == 0 : sample.value == 0) return;
    if (!rows.empty()) rows += ", ";
    rows += sample.family.name;
    for (const std::string_view label : sample.labels) {
      if (!label.empty()) rows += " " + std::string(label);
    }
  });
  return rows;
}

}  // namespace sipring::test
