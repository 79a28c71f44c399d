// Ring<T>: a queue of fixed capacity for one thread. Capacity is rounded up to a power of two.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/assert.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <utility>

namespace sipring {

template <class T>
class Ring {
 public:
  Ring(std::uint32_t capacity, std::pmr::memory_resource& memory)
      : memory_(memory),
        mask_(std::bit_ceil(capacity) - 1),
        items_(static_cast<T*>(memory.allocate((mask_ + 1) * sizeof(T), alignof(T)))) {}
  ~Ring() {
    while (!empty()) (void)pop();
    memory_.deallocate(items_, (mask_ + 1) * sizeof(T), alignof(T));
  }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  // False when full; `item` is then untouched.
  [[nodiscard]] bool push(T&& item) { return emplace(std::move(item)); }
  // Makes the item in its place.
  template <class... Args>
  [[nodiscard]] bool emplace(Args&&... args) {
    if (full()) return false;
    std::construct_at(items_ + (tail_++ & mask_), std::forward<Args>(args)...);
    return true;
  }

  // The ring is not empty.
  [[nodiscard]] T pop() {
    SIPRING_VERIFY(!empty());
    T& front_item = items_[head_++ & mask_];
    T item = std::move(front_item);
    std::destroy_at(&front_item);
    return item;
  }
  // Without the copy that pop() makes. The ring is not empty.
  void drop_front() {
    SIPRING_VERIFY(!empty());
    std::destroy_at(&items_[head_++ & mask_]);
  }
  [[nodiscard]] T& front() {
    SIPRING_VERIFY(!empty());
    return items_[head_ & mask_];
  }

  [[nodiscard]] bool empty() const { return head_ == tail_; }
  [[nodiscard]] bool full() const { return size() == mask_ + 1; }
  [[nodiscard]] std::uint32_t size() const { return tail_ - head_; }
  [[nodiscard]] std::uint32_t capacity() const { return mask_ + 1; }

 private:
  std::pmr::memory_resource& memory_;
  std::uint32_t mask_;
  T* items_;
  std::uint32_t head_ = 0;  // both run freely and wrap; their difference is the size
  std::uint32_t tail_ = 0;
};

}  // namespace sipring
