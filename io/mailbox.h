// Mailbox: how shards speak to each other and are looked at from outside. The only atomics of the
// project are here, and none of them is touched for a message that stays on the shard where it
// arrived.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <type_traits>
#include <vector>

namespace sipring {

// A queue of fixed capacity with one producing and one consuming thread. Each side remembers what
// it last saw of the other, so that the shared lines move between cores once per batch and not once
// per item.
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

// A datagram that its home shard handles: it stays in the buffer of the shard that received it,
// which is lent until its id comes back.
struct Letter {
  enum class Kind : std::uint8_t {
    datagram,
    undelivered,  // the start of something we sent, out of an ICMP error
  };
  const char* bytes = nullptr;
  std::uint32_t size = 0;
  std::uint16_t buffer = 0;
  Kind kind = Kind::datagram;
  Flow flow;
  NetworkAddress source;
};

// From one shard to one other: letters there, buffer ids back. The sender has at most
// `returns.capacity()` letters out, so the way back is never full; a buffer is on it once for each
// letter that shares it.
struct Mailbox {
  Mailbox(std::uint32_t letters_capacity, std::uint32_t buffers)
      : letters(letters_capacity), returns(buffers) {}
  SpscQueue<Letter> letters;
  SpscQueue<std::uint16_t> returns;
};

// Whether a shard sleeps, and whether it has to be told to stop. The sleeper writes its state and
// then looks into its mailboxes; the sender writes the mailbox and then looks at the state. Both
// looks at the state are read-modify-writes, so one of the two sees the other: no wake is lost.
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

// A value that one thread publishes now and then and others read at any time: a sequence lock whose
// words are relaxed atomics.
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

// All mailboxes and doorbells of a server.
class Mailboxes {
 public:
  Mailboxes(std::uint32_t shards, std::uint32_t letters_capacity, std::uint32_t buffers)
      : shards_(shards), doorbells_(std::make_unique<Doorbell[]>(shards)) {
    for (std::uint32_t i = 0; i < shards * shards; ++i) {
      const bool to_itself = i / shards == i % shards;
      mailboxes_.push_back(to_itself ? nullptr
                                     : std::make_unique<Mailbox>(letters_capacity, buffers));
    }
  }
  // Two different shards.
  [[nodiscard]] Mailbox& between(std::uint32_t from, std::uint32_t to) {
    SIPRING_VERIFY(from != to);
    return *mailboxes_[from * shards_ + to];
  }
  [[nodiscard]] Doorbell& doorbell(std::uint32_t shard) { return doorbells_[shard]; }
  [[nodiscard]] std::uint32_t shards() const { return shards_; }

 private:
  std::uint32_t shards_;
  std::unique_ptr<Doorbell[]> doorbells_;
  std::vector<std::unique_ptr<Mailbox>> mailboxes_;
};

}  // namespace sipring
