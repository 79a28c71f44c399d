// Doorbell: whether a shard sleeps, and whether it has to be told to stop. The sleeper writes its
// state and then looks into its mailboxes; the sender writes the mailbox and then looks at the
// state. Both looks at the state are read-modify-writes, so one of the two sees the other: no wake
// is lost.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

namespace sipring {

class Doorbell {
 public:
  enum class Sleep : std::uint8_t {
    awake,
    for_letters,
    for_buffers,  // as for_letters, and it has no receive buffers left: returns wake it, too
  };
  // The sleeper's, before it looks into its mailboxes for the last time.
  void going_to_sleep(Sleep sleep) {
    (void)state_.exchange(number(sleep), std::memory_order_acq_rel);
  }
  // The sleeper's.
  void awake() { state_.store(number(Sleep::awake), std::memory_order_relaxed); }

  // A sender's, after pushing: true when the caller has to wake the sleeper.
  [[nodiscard]] bool ring_for_letters() {
    return state_.exchange(number(Sleep::awake), std::memory_order_acq_rel) != number(Sleep::awake);
  }
  // A sender's, after giving buffers back.
  [[nodiscard]] bool ring_for_buffers() {
    // A read that is also a write: plain reads could pass our push.
    const std::uint8_t seen = state_.fetch_or(0, std::memory_order_acq_rel);
    return seen == number(Sleep::for_buffers) && ring_for_letters();
  }

  // Any thread's, and a signal handler's.
  void request_stop() { stop_.store(true, std::memory_order_release); }
  [[nodiscard]] bool stop_requested() const { return stop_.load(std::memory_order_acquire); }

 private:
  static constexpr std::uint8_t number(Sleep sleep) { return static_cast<std::uint8_t>(sleep); }

  alignas(64) std::atomic<std::uint8_t> state_ = 0;
  std::atomic<bool> stop_ = false;
  static_assert(std::atomic<bool>::is_always_lock_free);
};

}  // namespace sipring
