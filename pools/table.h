// Table: finds slots by hash. Fixed capacity, open addressing with linear probing, no tombstones.
// The hash must be seeded (pools/hash.h), or strangers choose how long the probes are.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/assert.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <memory_resource>
#include <optional>

namespace sipring {

// Maps a hash to the slot of an object that holds the full key; 8 bytes an entry, half full at
// most.
class Table {
 public:
  Table(std::uint32_t capacity, std::pmr::memory_resource& memory)
      : memory_(memory),
        mask_(std::bit_ceil(capacity) * 2 - 1),
        capacity_(capacity),
        entries_(static_cast<Entry*>(memory.allocate(bytes(capacity), 64))) {
    std::uninitialized_fill_n(entries_, mask_ + 1, Entry{});
  }
  ~Table() { memory_.deallocate(entries_, bytes(capacity_), 64); }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // The slot for which `is_match(slot)` holds among those inserted under this hash.
  template <class IsMatch>
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t hash, IsMatch&& is_match) const {
    const std::uint32_t tag = tag_of(hash);
    for (std::uint32_t i = tag & mask_; !entries_[i].empty(); i = (i + 1) & mask_) {
      if (entries_[i].tag == tag && is_match(entries_[i].slot)) return entries_[i].slot;
    }
    return std::nullopt;
  }

  // False when full. The same slot may be inserted once per hash.
  [[nodiscard]] bool insert(std::uint64_t hash, std::uint32_t slot) {
    if (size_ == capacity_) return false;
    std::uint32_t i = tag_of(hash) & mask_;
    while (!entries_[i].empty()) i = (i + 1) & mask_;
    entries_[i] = {tag_of(hash), slot};
    ++size_;
    return true;
  }

  // The pair was inserted and not erased since.
  void erase(std::uint64_t hash, std::uint32_t slot) {
    std::uint32_t hole = tag_of(hash) & mask_;
    while (entries_[hole].slot != slot || entries_[hole].tag != tag_of(hash)) {
      SIPRING_ASSERT(!entries_[hole].empty());
      hole = (hole + 1) & mask_;
    }
    close(hole);
    --size_;
  }

  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
  [[nodiscard]] static constexpr std::size_t bytes(std::uint32_t capacity) {
    return std::size_t{std::bit_ceil(capacity)} * 2 * sizeof(Entry);
  }

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&entries_[tag_of(hash) & mask_]); }

 private:
  struct Entry {
    std::uint32_t tag = 0;
    std::uint32_t slot = vacant;
    [[nodiscard]] bool empty() const { return slot == vacant; }
  };
  static constexpr std::uint32_t vacant = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash);
  }

  // Moves later entries of the run back, so that no probe ends early at the hole.
  void close(std::uint32_t hole) {
    for (std::uint32_t i = (hole + 1) & mask_; !entries_[i].empty(); i = (i + 1) & mask_) {
      const std::uint32_t home = entries_[i].tag & mask_;
      const bool stays = ((i - home) & mask_) < ((i - hole) & mask_);
      if (stays) continue;
      entries_[hole] = entries_[i];
      hole = i;
    }
    entries_[hole] = {};
  }

  std::pmr::memory_resource& memory_;
  std::uint32_t mask_;
  std::uint32_t capacity_;
  Entry* entries_;
  std::uint32_t size_ = 0;
};

}  // namespace sipring
