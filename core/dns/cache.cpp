// SPDX-License-Identifier: MIT
#include <sipring/core/dns/cache.h>

#include <sipring/pools/assert.h>

namespace sipring::dns {

Cache::Cache(std::uint32_t capacity, std::pmr::memory_resource& memory)
    : entries_(capacity, memory), table_(capacity, memory) {}

Cache::Entry* Cache::look_up(const Hash128& key) {
  const auto slot = table_.find(
      key.low, [&](std::uint32_t candidate) { return entries_.at(candidate).key == key; });
  return slot ? &entries_.at(*slot) : nullptr;
}

const Answer* Cache::find(const Hash128& key) {
  Entry* const entry = look_up(key);
  if (entry == nullptr) return nullptr;
  by_use_.remove(*entry);
  by_use_.push_back(*entry);
  return &entry->answer;
}

void Cache::put(const Hash128& key, const Answer& answer) {
  if (Entry* const known = look_up(key)) {
    known->answer = answer;
    return;
  }
  if (entries_.size() == entries_.capacity() && !make_room()) return;
  const Handle<Entry> handle = entries_.acquire_made(
      [&] { return Entry{.link = {}, .key = key, .slot = 0, .answer = answer}; });
  if (!handle) return;
  Entry& entry = entries_.at(handle.slot);
  entry.slot = handle.slot;
  by_use_.push_back(entry);
  const bool inserted = table_.insert(key.low, handle.slot);
  SIPRING_ASSERT(inserted);
}

bool Cache::make_room() {
  Entry* const oldest = by_use_.first();
  if (oldest == nullptr) return false;
  by_use_.remove(*oldest);
  table_.erase(oldest->key.low, oldest->slot);
  entries_.release(entries_.handle_of(oldest->slot));
  return true;
}

}  // namespace sipring::dns
