// Mailboxes: the queues between each two shards of a server, and a doorbell for each. What threads
// share of a message is here, and none of it is touched for one that stays on the shard where it
// arrived.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/shard/detail/letter.h>
#include <sipring/io/post/doorbell.h>
#include <sipring/io/post/spsc_queue.h>
#include <sipring/pools/assert.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace sipring {

// From one shard to one other: letters there, receipts back. The sender has at most
// `receipts.capacity()` letters out, so the way back is never full.
struct Mailbox {
  Mailbox(std::uint32_t letters_capacity, std::uint32_t receipts_capacity)
      : letters(letters_capacity), receipts(receipts_capacity) {}
  SpscQueue<Letter> letters;
  SpscQueue<Receipt> receipts;
};

class Mailboxes {
 public:
  Mailboxes(std::uint32_t shards, std::uint32_t letters_capacity, std::uint32_t receipts_capacity)
      : shards_(shards), doorbells_(std::make_unique<Doorbell[]>(shards)) {
    for (std::uint32_t i = 0; i < shards * shards; ++i) {
      const bool to_itself = i / shards == i % shards;
      mailboxes_.push_back(
          to_itself ? nullptr : std::make_unique<Mailbox>(letters_capacity, receipts_capacity));
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
