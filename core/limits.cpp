// SPDX-License-Identifier: MIT
#include <sipring/core/limits.h>

#include <sipring/core/message/message.h>
#include <sipring/core/message/writer.h>
#include <sipring/core/output.h>
#include <sipring/core/transaction/detail/merged_requests.h>
#include <sipring/core/transaction/detail/transaction.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/pool.h>
#include <sipring/pools/table.h>

namespace sipring {

std::size_t buffer_bytes(const Limits& limits) {
  const std::uint32_t one_each = limits.transactions;        // its request, or its last response
  const std::uint32_t of_invites = limits.transactions / 2;  // which keep both
  const std::size_t kept = std::size_t{limits.kept_messages.value_or(one_each + of_invites)} +
                           limits.sends_in_flight;  // lent to io
  const std::size_t of_call = BufferPool::footprint(limits.call_text_bytes) +
                              2 * BufferPool::footprint(limits.description_bytes);
  return kept * BufferPool::footprint(limits.typical_message_bytes)  //
         + limits.calls * of_call                                    //
         + BufferPool::size_classes *
               BufferPool::chunk_bytes;  // no size waits for another to be empty
}

MemoryNeeds memory_needs(const Limits& limits) {
  constexpr std::size_t messages_parsed_at_once =
      3;  // from the wire, kept by the engine, kept by a transaction
  return {
      .transactions = Pool<Transaction>::bytes(limits.transactions),
      .index = Table::bytes(limits.transactions) + MergedRequests::bytes(limits.transactions),
      .timers = TimerWheel::bytes(limits.transactions * 2),
      .buffers = buffer_bytes(limits),
      .messages = messages_parsed_at_once * Message::bytes_for(limits.headers) +
                  limits.outputs * sizeof(Output) + MessageWriter::bytes_for(limits.message_bytes),
  };
}

}  // namespace sipring
