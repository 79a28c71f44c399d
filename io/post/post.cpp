// SPDX-License-Identifier: MIT
#include <sipring/io/post/post.h>

#include <sipring/pools/assert.h>

#include <utility>

namespace sipring {

Post::Post(Mailboxes& mailboxes, std::uint32_t shard, std::uint32_t messages, IoCounters& counters,
           FailedSends& failed, std::pmr::memory_resource& memory)
    : mailboxes_(mailboxes),
      doorbell_(mailboxes.doorbell(shard)),
      shard_(shard),
      counters_(counters),
      failed_(failed),
      partners_(mailboxes.shards(), &memory),
      touched_(&memory),
      messages_(messages, memory) {
  touched_.reserve(mailboxes.shards());
}

bool Post::send(std::uint32_t to, const Letter& letter) {
  Mailbox& mailbox = mailboxes_.between(shard_, to);
  Partner& partner = partners_[to];
  if (partner.out == mailbox.receipts.capacity() || !mailbox.letters.push(letter)) {
    ++counters_.hand_over_full;
    return false;
  }
  ++partner.out;
  ++out_;
  ++counters_.handed_over;
  touch(to);
  partner.has_letters = true;
  return true;
}

bool Post::send(const Transmit& message) {
  const std::string_view bytes = message.bytes->view();
  Letter letter{.octets = bytes.data(),
                .size = static_cast<std::uint32_t>(bytes.size()),
                .kind = Letter::Kind::transmit,
                .loan = {Loan::Of::message, 0},
                .flow = message.flow,
                .listener = {},
                .peer = message.destination,
                .lane = message.lane};
  const Handle<Sent> sent = messages_.acquire(message.bytes, message.transaction);
  if (!sent) {
    ++counters_.hand_over_full;
    return false;
  }
  letter.loan.number = sent.slot;
  if (send(letter.flow.shard, letter)) return true;
  messages_.release(sent);
  return false;
}

void Post::give_receipt(std::uint32_t to, const Receipt& receipt) {
  const bool returned = mailboxes_.between(to, shard_).receipts.push(receipt);
  SIPRING_ASSERT(returned);
  touch(to);
  partners_[to].has_receipts = true;
  // A transaction waits for word of what has failed, so that is worth waking its shard.
  if (receipt.outcome == Receipt::Outcome::failed) partners_[to].has_letters = true;
}

void Post::take_back(Receipt receipt) {
  const Handle<Sent> sent = messages_.handle_of(receipt.loan.number);
  if (receipt.outcome == Receipt::Outcome::failed) {
    failed_.add(messages_.at(sent.slot).transaction);
  }
  messages_.release(sent);
}

bool Post::may_sleep(bool is_starving) {
  doorbell_.going_to_sleep(is_starving ? Doorbell::Sleep::for_buffers
                                       : Doorbell::Sleep::for_letters);
  const bool waits_for_receipts = is_starving || messages_.size() != 0;
  return !has_letters() && !(waits_for_receipts && has_receipts());
}

void Post::touch(std::uint32_t shard) {
  const Partner& partner = partners_[shard];
  if (!partner.has_letters && !partner.has_receipts) touched_.push_back(shard);
}

bool Post::must_be_rung(std::uint32_t shard) {
  const Partner partner = partners_[shard];
  partners_[shard].has_letters = partners_[shard].has_receipts = false;
  Doorbell& doorbell = mailboxes_.doorbell(shard);
  return partner.has_letters ? doorbell.ring_for_letters() : doorbell.ring_for_buffers();
}

bool Post::has_letters() const {
  for (std::uint32_t other = 0; other < shards(); ++other) {
    if (other != shard_ && !mailboxes_.between(other, shard_).letters.empty()) return true;
  }
  return false;
}

bool Post::has_receipts() const {
  if (has_all_back()) return false;
  for (std::uint32_t other = 0; other < shards(); ++other) {
    if (other != shard_ && !mailboxes_.between(shard_, other).receipts.empty()) return true;
  }
  return false;
}

}  // namespace sipring
