// History: the last transitions of a call, with their time: what a dump, a debugger and an operator
// ask for first.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>

namespace sipring {

// States and events are those of whoever keeps the history.
struct Passage {
  std::uint32_t ms = 0;      // since the beginning; what is beyond 49 days is 49 days
  std::uint16_t status = 0;  // of the response that it came with; 0: none
  std::uint8_t event = 0;
  std::uint8_t state = 0;  // entered
};
static_assert(sizeof(Passage) == 8);

class History {
 public:
  static constexpr std::uint32_t capacity = 8;

  void add(Duration since_the_beginning, Passage passage) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(since_the_beginning).count();
    constexpr std::int64_t longest = std::numeric_limits<std::uint32_t>::max();
    passage.ms = static_cast<std::uint32_t>(std::clamp<std::int64_t>(ms, 0, longest));
    passages_[added_ % capacity] = passage;
    ++added_;
    if (added_ == 2 * capacity) added_ = capacity;
  }

  [[nodiscard]] std::uint32_t size() const { return std::min<std::uint32_t>(added_, capacity); }
  // 0 is the oldest that is kept.
  [[nodiscard]] const Passage& operator[](std::uint32_t index) const {
    return passages_[(added_ < capacity ? index : added_ + index) % capacity];
  }

 private:
  std::array<Passage, capacity> passages_{};
  std::uint8_t added_ = 0;  // below 2 * capacity
};

}  // namespace sipring
