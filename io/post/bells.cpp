// SPDX-License-Identifier: MIT
#include <sipring/io/post/bells.h>

#include <unistd.h>

namespace sipring {

void Bells::ring(std::uint32_t shard) {
  if (!uring_.features().message_ring) return ring_by_event(shard);
  io_uring_sqe& submission = uring_.submission();
  io_uring_prep_msg_ring(&submission, targets_[shard].ring_fd, 0,
                         CompletionToken::of(PostOp::rung_by_ring).pack(), 0);
  submission.flags |= IOSQE_CQE_SKIP_SUCCESS;
  io_uring_sqe_set_data64(&submission, CompletionToken::of(PostOp::ring, shard).pack());
}

void Bells::ring_by_event(std::uint32_t shard) {
  const std::uint64_t one = 1;
  // Fails only when the counter is at its end, and then the sleeper is about to read it.
  [[maybe_unused]] const ssize_t written = ::write(targets_[shard].event_fd, &one, sizeof one);
  ++counters_.system_calls;
}

void Bells::listen() {
  io_uring_sqe& submission = uring_.submission();
  io_uring_prep_read(&submission, static_cast<int>(event_file_), &event_value_, sizeof event_value_,
                     0);
  submission.flags |= IOSQE_FIXED_FILE;
  io_uring_sqe_set_data64(&submission, CompletionToken::of(PostOp::rung_by_event).pack());
}

// The ring that did not take our message is full, or just closing: its eventfd always takes one.
void Bells::on_completion(const CompletionToken& token) {
  switch (static_cast<PostOp>(token.op)) {
    case PostOp::ring: return ring_by_event(token.slot);
    case PostOp::rung_by_event: return listen();
    case PostOp::rung_by_ring: return;
  }
}

}  // namespace sipring
