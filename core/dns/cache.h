// Cache: answers by name and type, for as long as their time to live says, negative ones too (RFC
// 2308). Of fixed size: the one that has been of no use for longest makes way.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/record.h>
#include <sipring/pools/hash.h>
#include <sipring/pools/list.h>
#include <sipring/pools/pool.h>
#include <sipring/pools/table.h>

#include <cstdint>
#include <memory_resource>
#include <string_view>

namespace sipring::dns {

// A name (lower case), a type, and whether the search list goes with it, under a secret seed: two
// that collide cannot be made.
[[nodiscard]] inline Hash128 cache_key(const HashSeed& seed, std::string_view name, RecordType type,
                                       bool searches) {
  Hasher hasher(seed);
  hasher.add(static_cast<std::uint64_t>(type) << 1 | static_cast<std::uint64_t>(searches));
  hasher.add(name);
  return hasher.finish();
}

class Cache {
 public:
  Cache(std::uint32_t capacity, std::pmr::memory_resource& memory);

  // Expired or not; nullptr when there is none. Valid until the next put() or make_room().
  [[nodiscard]] const Answer* find(const Hash128& key);
  void put(const Hash128& key, const Answer& answer);
  // Forgets the one that has been of no use for longest. False when there is none.
  bool make_room();

  [[nodiscard]] std::uint32_t size() const { return entries_.size(); }

 private:
  struct Entry {
    List<Entry>::Link link;
    Hash128 key;
    std::uint32_t slot = 0;
    Answer answer;
  };
  Entry* look_up(const Hash128& key);

  Pool<Entry> entries_;
  Table table_;
  List<Entry> by_use_;  // the one that was used last is the last
};

}  // namespace sipring::dns
