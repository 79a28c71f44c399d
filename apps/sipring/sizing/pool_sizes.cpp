// SPDX-License-Identifier: MIT
#include <sizing/pool_sizes.h>

#include <sipring/core/call/calls.h>

#include <algorithm>

namespace sipring::app {
namespace {

constexpr std::uint32_t fewest = 1'024;
constexpr std::uint32_t of_use = 524'288;      // 114,688 requests a second with the RFC's timers
constexpr std::uint32_t most = 16'777'216;     // that an engine takes
constexpr std::uint64_t share_of_machine = 2;  // one half

Limits with_transactions(Limits limits, std::uint32_t transactions) {
  limits.transactions = transactions;
  limits.calls = transactions;
  return limits;
}

}  // namespace

std::size_t bytes_of(const Limits& limits) {
  const std::size_t calls = limits.calls == 0 ? 0 : Calls::bytes_for({.calls = limits.calls});
  return memory_needs(limits).total() + calls;
}

// What is fixed does not grow: two sizes tell what one more takes.
std::uint32_t transactions_within(std::uint64_t bytes, const Limits& limits) {
  constexpr std::uint32_t more = 64 * fewest;
  const std::size_t few = bytes_of(with_transactions(limits, fewest));
  const std::size_t grown = bytes_of(with_transactions(limits, fewest + more)) - few;
  const std::size_t each = grown / more + 1;
  if (bytes <= few) return fewest;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(most, fewest + (bytes - few) / each));
}

std::uint32_t transactions_on_machine(std::uint64_t usable_bytes, std::uint32_t shards,
                                      const Limits& limits) {
  const std::uint64_t of_shard = usable_bytes / share_of_machine / std::max(shards, 1U);
  return std::min(transactions_within(of_shard, limits), of_use);
}

}  // namespace sipring::app
