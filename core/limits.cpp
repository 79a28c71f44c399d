// SPDX-License-Identifier: MIT
#include <sipring/core/limits.h>

#include <sipring/core/message/message.h>
#include <sipring/core/message/writer.h>
#include <sipring/core/output.h>
#include <sipring/core/transaction/detail/answered.h>
#include <sipring/core/transaction/detail/merged_requests.h>
#include <sipring/core/transaction/detail/transaction.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/pool.h>
#include <sipring/pools/table.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace sipring {
namespace {

// Of all transactions, so that there is room before registrations are refused
// (overload_control.cpp).
constexpr std::uint32_t one_free_of = 8;

// How long each takes one transaction's room, in seconds, all of its transactions together.
struct Stay {
  double request = 0;
  double call = 0;
};

Stay stay_of(const Limits& limits, const TimerSettings& timers, Remembered remembered) {
  const Duration most = remembered == Remembered::to_the_end
                            ? Duration::max()
                            : limits.remember_at_least.value_or(Answered::safe_after(timers, true));
  const auto stays = [&](Timer timer) {
    return std::chrono::duration<double>(std::min(duration(timer, false, false, timers), most))
        .count();
  };
  return {stays(Timer::j), stays(Timer::i) + stays(Timer::j)};
}

}  // namespace

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

std::uint32_t transactions_before_pressure(const Limits& limits) {
  const std::uint32_t reserved =
      limits.one_reserved_of == 0 ? 0 : limits.transactions / limits.one_reserved_of;
  return limits.transactions - std::max(limits.transactions / one_free_of, reserved);
}

SteadyRates steady_rates(const Limits& limits, const TimerSettings& timers, Remembered remembered) {
  const Stay stay = stay_of(limits, timers, remembered);
  const double room = transactions_before_pressure(limits);
  return {room / stay.request, room / stay.call};
}

std::uint32_t transactions_for(const SteadyRates& rates, const Limits& limits,
                               const TimerSettings& timers, Remembered remembered) {
  const Stay stay = stay_of(limits, timers, remembered);
  const double room = rates.requests * stay.request + rates.calls * stay.call;
  const double free_share =
      1.0 /
      (limits.one_reserved_of == 0 ? one_free_of : std::min(one_free_of, limits.one_reserved_of));
  constexpr double most = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(std::ceil(room / (1 - free_share)), most));
}

}  // namespace sipring
