// Table: finds slots by hash. Fixed capacity, open addressing with linear probing, no tombstones.
// The hash must be seeded (pools/hash.h), or strangers choose how long the probes are.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/assert.h>
#include <sipring/pools/detail/pages.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <memory_resource>
#include <optional>

namespace sipring {

// Maps a hash to the slot of an object that holds the full key; 8 octets an entry, two of three
// taken at most: 12 octets a slot, whatever the capacity.
class Table {
 public:
  Table(std::uint32_t capacity, std::pmr::memory_resource& memory)
      : memory_(memory),
        count_(count_for(capacity)),
        capacity_(capacity),
        entries_(static_cast<Entry*>(memory.allocate(bytes(capacity), alignment(capacity)))) {
    std::uninitialized_fill_n(entries_, count_, Entry{});
  }
  ~Table() { memory_.deallocate(entries_, bytes(capacity_), alignment(capacity_)); }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // The slot for which `is_match(slot)` holds among those inserted under this hash.
  template <class IsMatch>
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t hash, IsMatch&& is_match) const {
    const std::uint32_t tag = tag_of(hash);
    for (std::uint32_t i = home_of(tag); !entries_[i].empty(); i = after(i)) {
      if (entries_[i].tag == tag && is_match(entries_[i].slot)) return entries_[i].slot;
    }
    return std::nullopt;
  }

  // False when full. The same slot may be inserted once per hash.
  [[nodiscard]] bool insert(std::uint64_t hash, std::uint32_t slot) {
    if (size_ == capacity_) return false;
    const std::uint32_t tag = tag_of(hash);
    std::uint32_t i = home_of(tag);
    while (!entries_[i].empty()) i = after(i);
    entries_[i] = {tag, slot};
    ++size_;
    return true;
  }

  // The pair was inserted and not erased since.
  void erase(std::uint64_t hash, std::uint32_t slot) {
    const std::uint32_t tag = tag_of(hash);
    std::uint32_t hole = home_of(tag);
    while (entries_[hole] != Entry{tag, slot}) {
      SIPRING_ASSERT(!entries_[hole].empty());
      hole = after(hole);
    }
    close(hole);
    --size_;
  }

  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
  [[nodiscard]] static constexpr std::size_t bytes(std::uint32_t capacity) {
    return std::size_t{count_for(capacity)} * sizeof(Entry);
  }

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&entries_[home_of(tag_of(hash))]); }

 private:
  struct Entry {
    std::uint32_t tag = 0;
    std::uint32_t slot = vacant;
    [[nodiscard]] bool empty() const { return slot == vacant; }
    friend bool operator==(const Entry& one, const Entry& other) {
      return std::bit_cast<std::uint64_t>(one) == std::bit_cast<std::uint64_t>(other);
    }
  };
  // Entries are read at random: with small pages each look at a large table costs a walk through
  // the page tables, twice over in a virtual machine.
  static constexpr std::size_t alignment(std::uint32_t capacity) {
    return bytes(capacity) >= huge_page ? huge_page : 64;
  }
  static constexpr std::uint32_t vacant = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash);
  }
  static constexpr std::uint32_t count_for(std::uint32_t capacity) {
    return capacity + capacity / 2 + 1;  // at least one is vacant: it ends every probe
  }
  // In proportion to the tag: any number of entries will do.
  [[nodiscard]] std::uint32_t home_of(std::uint32_t tag) const {
    return static_cast<std::uint32_t>(std::uint64_t{tag} * count_ >> 32);
  }
  [[nodiscard]] std::uint32_t after(std::uint32_t i) const { return i + 1 == count_ ? 0 : i + 1; }
  // Steps from one entry to another.
  [[nodiscard]] std::uint32_t distance(std::uint32_t from, std::uint32_t to) const {
    return to - from + (to < from ? count_ : 0);
  }

  // Moves later entries of the run back, so that no probe ends early at the hole.
  void close(std::uint32_t hole) {
    for (std::uint32_t i = after(hole); !entries_[i].empty(); i = after(i)) {
      const bool stays = distance(home_of(entries_[i].tag), i) < distance(hole, i);
      if (stays) continue;
      entries_[hole] = entries_[i];
      hole = i;
    }
    entries_[hole] = {};
  }

  std::pmr::memory_resource& memory_;
  std::uint32_t count_;
  std::uint32_t capacity_;
  Entry* entries_;
  std::uint32_t size_ = 0;
};

}  // namespace sipring
