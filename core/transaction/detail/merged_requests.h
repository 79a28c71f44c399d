// Merged requests: RFC 3261 section 8.2.2.2. A request that a proxy forked and that reaches us by
// two ways has two branches, and would be two transactions. That it is one can be seen from its
// From tag, Call-ID and CSeq: those of the server transactions that are alive are kept here, as a
// keyed hash in a table of its own. Who comes second gets a 482.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/envelope.h>
#include <sipring/pools/assert.h>
#include <sipring/pools/hash.h>
#include <sipring/pools/table.h>

#include <cstdint>
#include <memory_resource>

namespace sipring {

class MergedRequests {
 public:
  // For so many transactions at once; 0: for none, nobody looks (a proxy).
  MergedRequests(std::uint32_t transactions, std::pmr::memory_resource& memory)
      : table_(transactions, memory) {}

  // What the ways have in common, or 0 for a request that need not be looked for: one within a
  // dialog. 64 bits: among a million transactions two different requests are taken for one once in
  // 2^44.
  [[nodiscard]] std::uint64_t key_of(const HashSeed& seed, const Envelope& request) const {
    return table_.capacity() == 0 || !request.to_tag.empty() ? 0 : hash(seed, request);
  }
  // Has the memory that contains() and insert() will look at fetched meanwhile.
  void prefetch(std::uint64_t key) const { table_.prefetch(key); }
  // `key_at(slot)`: the key under which the slot was inserted.
  template <class KeyAt>
  [[nodiscard]] bool contains(std::uint64_t key, KeyAt&& key_at) const {
    return table_.find(key, [&](std::uint32_t slot) { return key_at(slot) == key; }).has_value();
  }
  void insert(std::uint64_t key, std::uint32_t slot) {
    const bool inserted = table_.insert(key, slot);
    SIPRING_ASSERT(inserted);  // there is room for every transaction
  }
  void erase(std::uint64_t key, std::uint32_t slot) { table_.erase(key, slot); }

  [[nodiscard]] std::uint32_t size() const { return table_.size(); }
  [[nodiscard]] static constexpr std::size_t bytes(std::uint32_t transactions) {
    return Table::bytes(transactions);
  }

 private:
  static std::uint64_t hash(const HashSeed& seed, const Envelope& request);

  Table table_;
};

}  // namespace sipring
