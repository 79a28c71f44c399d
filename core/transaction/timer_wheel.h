// TimerWheel: deadlines by timer id. Arm and stop are O(1), nothing is allocated after
// construction, no clock is read.
//
// A hierarchical wheel (Varghese and Lauck, 1987): seven levels of 64 slots. A timer sits at the
// level of the highest base-64 digit in which its tick differs from the wheel's position, so every
// level lies wholly before the next one, the earliest slot is two bit scans away, and 42 bits of
// tick reach every Instant: there is no horizon. A timer moves down a level each time the position
// enters its slot.
//
// Beside it are a few queues, for timers that all wait equally long: who is armed later is due
// later, so there is nothing to sort, and the first of each is who was armed first.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/pools/detail/frontier.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>

namespace sipring {

class TimerWheel {
 public:
  // 4.2 ms: what a deadline is rounded up to.
  static constexpr Duration granularity{std::int64_t{1} << 22};
  static constexpr std::uint32_t queues = 6;

  // Ids are 0 to timers - 1. Memory of an id is touched when it, or a greater one, is armed first.
  TimerWheel(std::uint32_t timers, std::pmr::memory_resource& memory);
  ~TimerWheel();
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  // Arms anew when armed. A deadline that is past is due at once.
  void arm(std::uint32_t id, Instant deadline);
  // The same in a queue, for which deadlines come in their order: one that is earlier than the last
  // is as late as that.
  void arm_in_order(std::uint32_t queue, std::uint32_t id, Instant deadline);
  // The id that was armed first of those that are in a queue, nullopt when that is empty; and its
  // deadline, rounded up.
  struct Queued {
    std::uint32_t id;
    Instant deadline;
  };
  [[nodiscard]] std::optional<Queued> first_of(std::uint32_t queue) const;
  // Stopping a stopped timer is harmless.
  void stop(std::uint32_t id);
  [[nodiscard]] bool armed(std::uint32_t id) const;

  // When to call pop_due(): never later than the first deadline plus the granularity, earlier only
  // when the timer that it was for has been stopped; `never` when nothing is armed.
  [[nodiscard]] Instant next_deadline() const;

  // One timer whose deadline, rounded up, is not after `now`; it is disarmed by then. Those of
  // queues first; the others, and those of one queue, in the order of their ticks, and of arming
  // within a tick. Others may be armed and stopped between calls.
  [[nodiscard]] std::optional<std::uint32_t> pop_due(Instant now) {
    const std::uint32_t node = pop(now);
    return node == no_node ? std::nullopt : std::optional(node - heads);
  }

  [[nodiscard]] std::uint32_t size() const { return size_; }  // armed ones
  [[nodiscard]] static constexpr std::size_t bytes(std::uint32_t timers) {
    return (std::size_t{heads} + timers) * sizeof(Node);
  }

  // Of the next thousands of ids, a piece that has never been touched and is to be brought into
  // memory now; empty: they are there.
  [[nodiscard]] std::span<std::byte> coming_memory();

 private:
  using Tick = std::uint64_t;  // granules since Instant::min()
  // A timer, or the head of the ring of a slot or queue, in one array: heads come first.
  struct Node {
    std::uint32_t next;
    std::uint32_t previous;
    Tick tick;  // of a slot's head: none of its timers is due earlier; of a queue's: of its last
  };
  static_assert(sizeof(Node) == 16);

  static constexpr int digit_bits = 6;
  static constexpr std::uint32_t slots = 1U << digit_bits;
  static constexpr std::uint32_t levels = 7;
  static constexpr std::uint32_t slot_heads = levels * slots;
  static constexpr std::uint32_t heads = slot_heads + queues;
  static constexpr std::uint32_t not_armed = UINT32_MAX;
  static constexpr std::uint32_t no_node = UINT32_MAX;
  static constexpr Tick no_tick = UINT64_MAX;
  static constexpr Tick last_tick = (Tick{1} << (levels * digit_bits)) - 1;

  static Tick tick_after(Instant deadline);
  static Instant instant_of(Tick tick);

  [[nodiscard]] std::uint32_t pop(Instant now);
  [[nodiscard]] std::uint32_t pop_queued(Tick due);
  void touch(std::uint32_t node);
  void link(std::uint32_t node);
  void append(std::uint32_t head, std::uint32_t node);
  void unlink(std::uint32_t node);
  void move_back(Tick position);
  void enter(std::uint32_t level, std::uint32_t head, Tick due);
  [[nodiscard]] std::uint32_t first_head() const;

  std::pmr::memory_resource& memory_;
  std::uint32_t node_count_;
  Node* nodes_;
  std::uint32_t touched_ = heads;  // nodes below this one have been written
  Frontier frontier_;
  std::uint32_t size_ = 0;
  Tick position_ = 0;          // no timer of a slot has an earlier tick
  bool started_ = false;       // by the first pop_due(): the position is the time
  Tick queued_due_ = no_tick;  // no timer of a queue has an earlier one
  std::uint32_t occupied_queues_ = 0;
  std::uint32_t occupied_levels_ = 0;
  std::array<std::uint64_t, levels> occupied_{};  // a bit a slot
};

}  // namespace sipring
