// SpscQueue: a queue of fixed capacity with one producing and one consuming thread. Each side
// remembers what it last saw of the other, so that the shared lines move between cores once per
// batch and not once per item.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>

namespace sipring {

template <class T>
class SpscQueue {
 public:
  static_assert(std::is_trivially_copyable_v<T>);
  explicit SpscQueue(std::uint32_t capacity)
      : mask_(std::bit_ceil(capacity) - 1), items_(std::make_unique<T[]>(mask_ + 1)) {}

  // The producer's. False when full.
  [[nodiscard]] bool push(const T& item) {
    const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - seen_head_ == mask_ + 1) {
      seen_head_ = head_.load(std::memory_order_acquire);
      if (tail - seen_head_ == mask_ + 1) return false;
    }
    items_[tail & mask_] = item;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // The consumer's.
  [[nodiscard]] std::optional<T> pop() {
    const std::uint32_t head = head_.load(std::memory_order_relaxed);
    if (head == seen_tail_) {
      seen_tail_ = tail_.load(std::memory_order_acquire);
      if (head == seen_tail_) return std::nullopt;
    }
    const T item = items_[head & mask_];
    head_.store(head + 1, std::memory_order_release);
    return item;
  }
  // The consumer's: whether pop() would give something.
  [[nodiscard]] bool empty() const {
    return head_.load(std::memory_order_relaxed) == tail_.load(std::memory_order_acquire);
  }
  [[nodiscard]] std::uint32_t capacity() const { return mask_ + 1; }

 private:
  std::uint32_t mask_;
  std::unique_ptr<T[]> items_;
  alignas(64) std::atomic<std::uint32_t> tail_ = 0;  // the producer's line
  std::uint32_t seen_head_ = 0;
  alignas(64) std::atomic<std::uint32_t> head_ = 0;  // the consumer's line
  std::uint32_t seen_tail_ = 0;
};

}  // namespace sipring
