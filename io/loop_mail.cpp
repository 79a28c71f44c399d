// Letters between shards: datagrams that arrived where their call does not live.
// SPDX-License-Identifier: MIT
#include <sipring/io/loop.h>

#include <sipring/pools/assert.h>

#include <unistd.h>

#include <cerrno>

namespace sipring {
namespace {

void ring_by_event(int event_fd) {
  const std::uint64_t one = 1;
  // Fails only when the counter is at its end, and then the sleeper is about to read it.
  [[maybe_unused]] const ssize_t written = ::write(event_fd, &one, sizeof one);
}

constexpr std::uint32_t by_message =
    1;  // CompletionToken::slot of a wake that was sent, not read off the eventfd

}  // namespace

// False when the home shard does not keep up: the datagram is dropped, as a full socket would drop
// it.
bool Loop::hand_over(std::uint32_t home, const Letter& letter) {
  Mailbox& mailbox = mailboxes_.between(shard_, home);
  if (lent_to_[home] == mailbox.returns.capacity() || !mailbox.letters.push(letter)) {
    ++counters_.hand_over_full;
    return false;
  }
  ++lent_to_[home];
  ++counters_.handed_over;
  wrote_to_[home] = 1;
  return true;
}

void Loop::take_letters() {
  take_returns();
  for (std::uint32_t other = 0; other < mailboxes_.shards(); ++other) {
    if (other == shard_) continue;
    Mailbox& mailbox = mailboxes_.between(other, shard_);
    for (std::uint32_t i = 0; i < options_.turn; ++i) {
      const auto letter = mailbox.letters.pop();
      if (!letter) break;
      ++counters_.taken_over;
      unpublished_ = true;
      if (pass_on(*letter)) {
        give_back(*letter, other);
        continue;
      }
      if (make_wait(*letter, other)) continue;
      handle(*letter);
      give_back(*letter, other);
      look_at_the_time(counters_.taken_over);
    }
  }
}

void Loop::take_returns() {
  for (std::uint32_t other = 0; other < mailboxes_.shards(); ++other) {
    if (other == shard_) continue;
    SpscQueue<std::uint16_t>& returns = mailboxes_.between(shard_, other).returns;
    while (const auto buffer = returns.pop()) {
      --lent_to_[other];
      receive_ring_.give_back(*buffer);
    }
  }
}

// Once per turn and shard, and only those that sleep.
void Loop::ring_bells() {
  for (std::uint32_t other = 0; other < mailboxes_.shards(); ++other) {
    const bool wrote = wrote_to_[other] != 0;
    const bool returned = returned_to_[other] != 0;
    if (!wrote && !returned) continue;
    wrote_to_[other] = returned_to_[other] = 0;
    Doorbell& doorbell = mailboxes_.doorbell(other);
    const bool sleeps = wrote ? doorbell.ring_for_letters() : doorbell.ring_for_buffers();
    if (!sleeps) continue;
    ++counters_.wakes;
    if (!uring_.features().message_ring) {
      ++counters_.system_calls;
      ring_by_event(wake_targets_[other].event_fd);
      continue;
    }
    io_uring_sqe& submission = uring_.submission();
    io_uring_prep_msg_ring(&submission, wake_targets_[other].ring_fd, 0,
                           CompletionToken{Op::wake, by_message, 0}.pack(), 0);
    submission.flags |= IOSQE_CQE_SKIP_SUCCESS;
    io_uring_sqe_set_data64(&submission, CompletionToken{Op::ring_bell, other, 0}.pack());
  }
}

// The other ring could not take the message (it is full, or just closing): the eventfd always can.
void Loop::on_bell_failed(std::uint32_t shard) {
  ring_by_event(wake_targets_[shard].event_fd);
}

void Loop::on_wake(std::uint32_t slot) {
  if (doorbell_.stop_requested()) stopping_ = true;
  if (slot != by_message && !stopping_) arm_wake();
}

void Loop::arm_wake() {
  io_uring_sqe& submission = uring_.submission();
  // Registered behind the sockets.
  io_uring_prep_read(&submission, static_cast<int>(ports_.size()), &event_value_,
                     sizeof event_value_, 0);
  submission.flags |= IOSQE_FIXED_FILE;
  io_uring_sqe_set_data64(&submission, CompletionToken{Op::wake, 0, 0}.pack());
}

bool Loop::starving() const {
  return receive_ring_.is_provided() ? receive_ring_.lent_to_kernel() == 0
                                     : !receive_ring_.has_spare();
}

bool Loop::has_mail(bool starving) const {
  for (std::uint32_t other = 0; other < mailboxes_.shards(); ++other) {
    if (other == shard_) continue;
    if (!mailboxes_.between(other, shard_).letters.empty()) return true;
    if (starving && !mailboxes_.between(shard_, other).returns.empty()) return true;
  }
  return false;
}

}  // namespace sipring
