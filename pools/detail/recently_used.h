// RecentlyUsed<Value>: values by key, a fixed number of them: the one that has been of no use for
// longest makes way for the next.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/assert.h>
#include <sipring/pools/detail/list.h>
#include <sipring/pools/hash.h>
#include <sipring/pools/pool.h>
#include <sipring/pools/table.h>

#include <cstdint>
#include <memory_resource>
#include <utility>

namespace sipring {

// A key is a hash under a secret seed (pools/hash.h) and stands for what was hashed: two that
// collide cannot be made.
template <class Value>
class RecentlyUsed {
 public:
  RecentlyUsed(std::uint32_t capacity, std::pmr::memory_resource& memory)
      : entries_(capacity, memory), table_(capacity, memory) {}

  // nullptr when there is none. Valid until the next put() or make_room().
  [[nodiscard]] Value* find(const Hash128& key) {
    Entry* const entry = look_up(key);
    if (entry == nullptr) return nullptr;
    by_use_.remove(*entry);
    by_use_.push_back(*entry);
    return &entry->value;
  }

  // In place of the one that is there.
  void put(const Hash128& key, Value value) {
    if (Entry* const known = look_up(key)) {
      known->value = std::move(value);
      return;
    }
    if (entries_.size() == entries_.capacity() && !make_room()) return;
    const Handle<Entry> handle = entries_.acquire_made(
        [&] { return Entry{.link = {}, .key = key, .slot = 0, .value = std::move(value)}; });
    if (!handle) return;
    Entry& entry = entries_.at(handle.slot);
    entry.slot = handle.slot;
    by_use_.push_back(entry);
    const bool inserted = table_.insert(key.low, handle.slot);
    SIPRING_ASSERT(inserted);
  }

  // Forgets the one that has been of no use for longest. False when there is none.
  bool make_room() {
    Entry* const oldest = by_use_.first();
    if (oldest == nullptr) return false;
    by_use_.remove(*oldest);
    table_.erase(oldest->key.low, oldest->slot);
    entries_.release(entries_.handle_of(oldest->slot));
    return true;
  }

  [[nodiscard]] std::uint32_t size() const { return entries_.size(); }

 private:
  struct Entry {
    List<Entry>::Link link;
    Hash128 key;
    std::uint32_t slot = 0;
    Value value;
  };
  Entry* look_up(const Hash128& key) {
    const auto slot = table_.find(
        key.low, [&](std::uint32_t candidate) { return entries_.at(candidate).key == key; });
    return slot ? &entries_.at(*slot) : nullptr;
  }

  Pool<Entry> entries_;
  Table table_;
  List<Entry> by_use_;  // the one that was used last is the last
};

}  // namespace sipring
