// Pool<T>: a fixed number of slots, taken from the memory resource once. Acquire and release are
// O(1) and never allocate. A slot is touched first when it is first acquired, so a large pool costs
// no memory until it is used.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/assert.h>
#include <sipring/pools/detail/frontier.h>
#include <sipring/pools/handle.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <memory_resource>
#include <new>
#include <span>
#include <utility>

namespace sipring {

template <class T>
class Pool {
 public:
  Pool(std::uint32_t capacity, std::pmr::memory_resource& memory)
      : memory_(memory),
        slots_(static_cast<Slot*>(memory.allocate(bytes(capacity), alignment))),
        capacity_(capacity) {}
  // Objects still alive are destroyed: an engine may be dropped in the middle of its calls.
  ~Pool() {
    for (std::uint32_t slot = 0; slot < touched_; ++slot) {
      if (is_live(slots_[slot].generation)) std::destroy_at(slots_[slot].object());
    }
    memory_.deallocate(slots_, bytes(capacity_), alignment);
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Null when exhausted: the caller sheds load.
  template <class... Args>
  [[nodiscard]] Handle<T> acquire(Args&&... args) {
    return acquire_made([&] { return T(std::forward<Args>(args)...); });
  }
  // The same with what `make()` returns, built in its place.
  template <class Make>
  [[nodiscard]] Handle<T> acquire_made(Make&& make) {
    if (--acquires_until_failure_ == 0) [[unlikely]]
      return {};
    const std::uint32_t slot = take_slot();
    if (slot == none) [[unlikely]]
      return {};
    Slot& taken = slots_[slot];
    ++taken.generation;
    ::new (static_cast<void*>(taken.storage)) T(std::forward<Make>(make)());
    ++size_;
    return {slot, taken.generation};
  }

  // nullptr when the handle is null, stale, or was never issued (handles may come off the wire).
  [[nodiscard]] T* find(Handle<T> handle) {
    if (handle.slot >= touched_ || !is_live(handle.generation)) return nullptr;
    Slot& slot = slots_[handle.slot];
    return slot.generation == handle.generation ? slot.object() : nullptr;
  }

  // The object of a slot, nullptr when it is free or was never used.
  [[nodiscard]] T* live(std::uint32_t slot) {
    if (slot >= touched_ || !is_live(slots_[slot].generation)) return nullptr;
    return slots_[slot].object();
  }

  // The object of a slot that is known to be live, for an index that stores bare slots.
  [[nodiscard]] T& at(std::uint32_t slot) {
    SIPRING_VERIFY(slot < touched_ && is_live(slots_[slot].generation));
    return *slots_[slot].object();
  }
  // The whole slot, up to two cache lines.
  void prefetch(std::uint32_t slot) const {
    __builtin_prefetch(&slots_[slot]);
    __builtin_prefetch(&slots_[slot].generation);
  }
  // Of objects that are larger than that; any number may be given. Always inline: g++ leaves out
  // the call of a function that only prefetches.
  [[gnu::always_inline]] void prefetch_whole(std::uint32_t slot) const {
    if (slot >= touched_) return;
    const auto* const octets = reinterpret_cast<const char*>(&slots_[slot]);
    for (std::size_t at = 0; at < sizeof(Slot); at += 64) __builtin_prefetch(octets + at);
    __builtin_prefetch(&slots_[slot].generation);
  }
  [[nodiscard]] Handle<T> handle_of(std::uint32_t slot) const {
    SIPRING_VERIFY(slot < touched_ && is_live(slots_[slot].generation));
    return {slot, slots_[slot].generation};
  }

  // The first live object at or after `slot`, which is then behind it; null: no more.
  [[nodiscard]] Handle<T> next_live(std::uint32_t& slot) const {
    while (slot < touched_) {
      const std::uint32_t at = slot++;
      if (is_live(slots_[at].generation)) return {at, slots_[at].generation};
    }
    return {};
  }

  // A stale or null handle is our mistake.
  void release(Handle<T> handle) {
    T* object = find(handle);
    SIPRING_ASSERT(object != nullptr);
    std::destroy_at(object);
    Slot& slot = slots_[handle.slot];
    ++slot.generation;
    slot.next_free = first_free_;
    first_free_ = handle.slot;
    --size_;
  }

  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
  // Most that were alive at once: a new slot is touched only when all others are taken.
  [[nodiscard]] std::uint32_t highest() const { return touched_; }
  [[nodiscard]] static constexpr std::size_t bytes(std::uint32_t capacity) {
    return capacity * sizeof(Slot);
  }
  [[nodiscard]] static constexpr std::size_t bytes_per_slot() { return sizeof(Slot); }

  // Of the next thousand slots, a piece that has never been touched and is to be brought into
  // memory now; empty: they are there.
  [[nodiscard]] std::span<std::byte> coming_memory() {
    constexpr std::size_t ahead = std::size_t{1'024} * sizeof(Slot);
    return frontier_.next({reinterpret_cast<std::byte*>(slots_), bytes(capacity_)}, bytes(touched_),
                          ahead);
  }

  // Tests only: the nth acquire from now (1 is the next one) fails as if the pool were full.
  void fail_nth_acquire(std::uint64_t nth) { acquires_until_failure_ = nth; }

 private:
  struct Slot {
    alignas(T) std::byte storage[sizeof(T)];
    std::uint32_t generation;
    std::uint32_t next_free;
    T* object() { return std::launder(reinterpret_cast<T*>(storage)); }
  };
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t alignment = alignof(Slot) > 64 ? alignof(Slot) : 64;
  static constexpr bool is_live(std::uint32_t generation) { return (generation & 1) != 0; }

  // The one after it is fetched meanwhile: what came back came back cold.
  std::uint32_t take_slot() {
    if (first_free_ != none) {
      const std::uint32_t slot = std::exchange(first_free_, slots_[first_free_].next_free);
      if (first_free_ != none) prefetch(first_free_);
      return slot;
    }
    if (touched_ == capacity_) return none;
    slots_[touched_].generation = 0;
    return touched_++;
  }

  std::pmr::memory_resource& memory_;
  Slot* slots_;
  std::uint32_t capacity_;
  std::uint32_t touched_ = 0;  // slots below this one have been used at least once
  std::uint32_t first_free_ = none;
  std::uint32_t size_ = 0;
  Frontier frontier_;
  std::uint64_t acquires_until_failure_ = 0;  // 0 wraps: no failure in this universe's time
};

}  // namespace sipring
