// Post: a shard's letters to the others, theirs to it, and the receipts of both.
//
// A letter lends octets. The one who has it gives a receipt for it when it is done with them, at
// once or much later, and in any order; nothing is lost for want of room on the way back. A shard
// that sleeps is rung for once a turn.
//
// One for each shard, used by its thread alone; what threads share is in mailboxes.h. It knows no
// sockets and no clock, so the simulator runs it as well.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/output.h>
#include <sipring/core/shard/detail/letter.h>
#include <sipring/io/detail/failed_sends.h>
#include <sipring/io/io_counters.h>
#include <sipring/io/post/mailboxes.h>
#include <sipring/pools/pool.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <vector>

namespace sipring {

class Post {
 public:
  // `messages` of ours may be out at once to leave by others' connections; those that do not leave
  // are added to `failed`.
  Post(Mailboxes& mailboxes, std::uint32_t shard, std::uint32_t messages, IoCounters& counters,
       FailedSends& failed, std::pmr::memory_resource& memory);

  // Lends the octets until their receipt. False when `to` does not keep up: nothing is lent.
  [[nodiscard]] bool send(std::uint32_t to, const Letter& letter);
  // To the shard of the message's flow, which is another one's connection. The buffer is kept here
  // until the receipt. False when that shard does not keep up.
  [[nodiscard]] bool send(const Transmit& message);

  // The letters of all others, up to `at_most` of each, to `take(letter, from)`. Each of them wants
  // a receipt.
  template <class Take>
  void take_letters(std::uint32_t at_most, Take&& take);
  void give_receipt(std::uint32_t to, const Receipt& receipt);

  // What has come back: `take(loan)` for each loan but messages, whose buffers are given back here.
  template <class Take>
  void take_receipts(Take&& take);

  // Rings for all that sleep and have had something of us since: `ring(shard)`, once each.
  template <class Ring>
  void ring_bells(Ring&& ring);

  // Around a wait. `is_starving`: receipts are waited for as well as letters; so they are while
  // messages are out, since they may have failed. False: there is mail, and nothing to wait for.
  [[nodiscard]] bool may_sleep(bool is_starving);
  void awake() { doorbell_.awake(); }
  [[nodiscard]] bool stop_requested() const { return doorbell_.stop_requested(); }

  // Letters or receipts for us that have not been taken.
  [[nodiscard]] bool has_mail() const { return has_letters() || has_receipts(); }
  // Nobody has anything of ours.
  [[nodiscard]] bool has_all_back() const { return out_ == 0; }
  [[nodiscard]] std::uint32_t shards() const { return mailboxes_.shards(); }
  [[nodiscard]] bool is_alone() const { return shards() == 1; }

 private:
  // With one other shard.
  struct Partner {
    std::uint32_t out = 0;     // letters whose receipts have not come
    bool has_letters = false;  // of ours that its bell has not been rung for
    bool has_receipts = false;
  };
  // A message that is out.
  struct Sent {
    Ref<Buffer> bytes;
    Handle<Transaction> transaction;
  };
  [[nodiscard]] bool has_letters() const;
  [[nodiscard]] bool has_receipts() const;
  void touch(std::uint32_t shard);
  void take_back(Receipt receipt);
  [[nodiscard]] bool must_be_rung(std::uint32_t shard);

  Mailboxes& mailboxes_;
  Doorbell& doorbell_;
  std::uint32_t shard_;
  IoCounters& counters_;
  FailedSends& failed_;
  std::uint32_t out_ = 0;
  std::pmr::vector<Partner> partners_;
  std::pmr::vector<std::uint32_t> touched_;  // partners to ring for
  Pool<Sent> messages_;
};

template <class Take>
void Post::take_letters(std::uint32_t at_most, Take&& take) {
  for (std::uint32_t other = 0; other < shards(); ++other) {
    if (other == shard_) continue;
    Mailbox& mailbox = mailboxes_.between(other, shard_);
    for (std::uint32_t i = 0; i < at_most; ++i) {
      const std::optional<Letter> letter = mailbox.letters.pop();
      if (!letter) break;
      ++counters_.taken_over;
      take(*letter, other);
    }
  }
}

template <class Take>
void Post::take_receipts(Take&& take) {
  if (has_all_back()) return;
  for (std::uint32_t other = 0; other < shards(); ++other) {
    if (partners_[other].out == 0) continue;
    SpscQueue<Receipt>& receipts = mailboxes_.between(shard_, other).receipts;
    while (const std::optional<Receipt> receipt = receipts.pop()) {
      --partners_[other].out;
      --out_;
      if (receipt->loan.of == Loan::Of::message) {
        take_back(*receipt);
      } else {
        take(receipt->loan);
      }
    }
  }
}

template <class Ring>
void Post::ring_bells(Ring&& ring) {
  for (const std::uint32_t other : touched_) {
    if (!must_be_rung(other)) continue;
    ++counters_.wakes;
    ring(other);
  }
  touched_.clear();
}

}  // namespace sipring
