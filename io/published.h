// Published: a value that one thread publishes now and then and others read at any time. A sequence
// lock whose words are relaxed atomics.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace sipring {

template <class T>
class Published {
 public:
  static_assert(std::is_trivially_copyable_v<T>);

  // The owner's.
  void publish(const T& value) {
    const std::uint64_t version = version_.load(std::memory_order_relaxed);
    version_.store(version + 1, std::memory_order_relaxed);
    // Each word carries the release itself: a reader that sees a new word also sees that the
    // version has moved.
    const auto* octets = reinterpret_cast<const char*>(&value);
    for (std::size_t i = 0; i < words; ++i) {
      std::uint64_t word = 0;
      std::memcpy(&word, octets + i * 8, std::min(sizeof value - i * 8, std::size_t{8}));
      words_[i].store(word, std::memory_order_release);
    }
    version_.store(version + 2, std::memory_order_release);
  }

  // Anybody's.
  [[nodiscard]] T read() const {
    std::array<std::uint64_t, words> copy{};
    for (;;) {
      const std::uint64_t before = version_.load(std::memory_order_acquire);
      for (std::size_t i = 0; i < words; ++i) copy[i] = words_[i].load(std::memory_order_acquire);
      if ((before & 1) == 0 && version_.load(std::memory_order_relaxed) == before) break;
    }
    T value;
    std::memcpy(static_cast<void*>(&value), copy.data(), sizeof value);
    return value;
  }

 private:
  static constexpr std::size_t words = (sizeof(T) + 7) / 8;
  std::atomic<std::uint64_t> version_ = 0;
  std::array<std::atomic<std::uint64_t>, words> words_{};
};

}  // namespace sipring
