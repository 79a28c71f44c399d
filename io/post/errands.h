// Errands: those that wait for one shard, from any number of threads. A bounded queue whose places
// carry their turn (D. Vyukov's), and a bell that is rung once for all that wait: posting needs no
// lock, and a system call only for the first one.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/errand.h>

#include <atomic>
#include <bit>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <utility>

namespace sipring {

class Errands {
 public:
  explicit Errands(std::uint32_t capacity)
      : mask_(std::bit_ceil(capacity < 2 ? 2U : capacity) - 1),
        places_(std::make_unique<Place[]>(mask_ + 1)) {
    for (std::uint32_t i = 0; i <= mask_; ++i) places_[i].turn.store(i, std::memory_order_relaxed);
  }

  // Any thread's. True: the shard has to be woken. An errand that is not taken stays as it is.
  [[nodiscard]] std::expected<bool, PostError> push(Errand& errand) {
    if (is_closed_.load(std::memory_order_acquire)) return std::unexpected(PostError::stopped);
    std::uint32_t tail = tail_.load(std::memory_order_relaxed);
    for (;;) {
      Place& place = places_[tail & mask_];
      const std::uint32_t turn = place.turn.load(std::memory_order_acquire);
      if (turn == tail) {
        if (!tail_.compare_exchange_weak(tail, tail + 1, std::memory_order_relaxed)) continue;
        place.errand = std::move(errand);
        place.turn.store(tail + 1, std::memory_order_release);
        return !is_rung_.exchange(true, std::memory_order_acq_rel);
      }
      if (static_cast<std::int32_t>(turn - tail) < 0) return std::unexpected(PostError::no_room);
      tail = tail_.load(std::memory_order_relaxed);
    }
  }

  // The shard's: whether something has come since it last was answered.
  [[nodiscard]] bool is_rung() const { return is_rung_.load(std::memory_order_relaxed); }
  // The shard's, before it pops: who pushes from now on rings again.
  void answer_bell() { (void)is_rung_.exchange(false, std::memory_order_acq_rel); }
  // The shard's: it has left some, and comes back.
  void ring_again() { is_rung_.store(true, std::memory_order_relaxed); }
  // The shard's. In the order of posting; nullopt also while the next one is still being written:
  // its thread rings when it has.
  [[nodiscard]] std::optional<Errand> pop() {
    Place& place = places_[head_ & mask_];
    if (place.turn.load(std::memory_order_acquire) != head_ + 1) return std::nullopt;
    std::optional<Errand> errand(std::move(place.errand));
    place.turn.store(++head_ + mask_, std::memory_order_release);
    return errand;
  }
  // The shard's, when it ends: what has not been popped stays where it is.
  void close() { is_closed_.store(true, std::memory_order_release); }

 private:
  struct alignas(64) Place {
    Errand errand;
    std::atomic<std::uint32_t> turn = 0;
  };
  std::uint32_t mask_;
  std::unique_ptr<Place[]> places_;
  alignas(64) std::atomic<std::uint32_t> tail_ = 0;  // the posters'
  alignas(64) std::atomic<bool> is_rung_ = false;    // everybody's
  std::atomic<bool> is_closed_ = false;
  alignas(64) std::uint32_t head_ = 0;  // the shard's
};

// Which shard has the next one, where any will do.
class ErrandTurns {
 public:
  [[nodiscard]] std::uint32_t next() { return next_.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::atomic<std::uint32_t> next_ = 0;
};

}  // namespace sipring
