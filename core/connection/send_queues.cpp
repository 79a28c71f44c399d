// SPDX-License-Identifier: MIT
#include <sipring/core/connection/detail/send_queues.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <utility>

namespace sipring {

bool SendQueues::push(Queue& queue, Outgoing&& outgoing) {
  const auto size = static_cast<std::uint32_t>(size_of(outgoing));
  const Handle<Outgoing> handle = outgoing_.acquire(std::move(outgoing));
  if (!handle) return false;
  (queue.empty() ? queue.first : outgoing_.at(queue.last).next) = handle.slot;
  queue.last = handle.slot;
  queue.bytes += size;
  return true;
}

bool SendQueues::push_front(Queue& queue, Outgoing&& outgoing) {
  SIPRING_VERIFY(queue.left == 0);
  const auto size = static_cast<std::uint32_t>(size_of(outgoing));
  outgoing.next = queue.first;
  const Handle<Outgoing> handle = outgoing_.acquire(std::move(outgoing));
  if (!handle) return false;
  queue.first = handle.slot;
  if (queue.last == none) queue.last = handle.slot;
  queue.bytes += size;
  return true;
}

std::size_t SendQueues::gather(const Queue& queue, std::span<Piece> pieces) {
  std::size_t count = 0;
  std::size_t skip = queue.left;
  const auto add = [&](std::string_view piece) {
    const std::size_t skipped = std::min(skip, piece.size());
    skip -= skipped;
    piece.remove_prefix(skipped);
    if (!piece.empty()) pieces[count++] = piece;
  };
  // One may be two pieces.
  for (std::uint32_t slot = queue.first; slot != none && count + 2 <= pieces.size();) {
    const Outgoing& outgoing = outgoing_.at(slot);
    add(outgoing.head_view());
    add(outgoing.bytes->view());
    slot = outgoing.next;
  }
  return count;
}

void SendQueues::sent(Queue& queue, std::size_t octets) {
  SIPRING_ASSERT(octets <= queue.bytes);
  queue.bytes -= static_cast<std::uint32_t>(octets);
  octets += std::exchange(queue.left, 0);
  while (!queue.empty()) {
    const std::size_t size = size_of(outgoing_.at(queue.first));
    if (octets < size) break;
    octets -= size;
    release_first(queue);
  }
  queue.left = static_cast<std::uint32_t>(octets);
}

Handle<Transaction> SendQueues::drop_first(Queue& queue) {
  const Outgoing& outgoing = outgoing_.at(queue.first);
  const Handle<Transaction> transaction = outgoing.transaction;
  queue.bytes -= static_cast<std::uint32_t>(size_of(outgoing) - std::exchange(queue.left, 0));
  release_first(queue);
  return transaction;
}

void SendQueues::release_first(Queue& queue) {
  const std::uint32_t slot = queue.first;
  queue.first = outgoing_.at(slot).next;
  if (queue.first == none) queue.last = none;
  outgoing_.release(outgoing_.handle_of(slot));
}

}  // namespace sipring
