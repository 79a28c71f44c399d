// ServerChoice: SRV records one after the other, in the order of RFC 2782: the lowest priority
// first, within it at random by weight. Drawn one by one, which gives the same orders with the same
// odds as arranging them all.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/detail/response.h>
#include <sipring/core/dns/record.h>
#include <sipring/pools/random.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace sipring {

// Which of those that are not `taken` (a bit for each) is next; nullopt: all are taken. A server
// has a priority and a weight; there are 64 at most.
template <class Server>
[[nodiscard]] std::optional<std::size_t> choose_server(std::span<const Server> servers,
                                                       std::uint64_t taken, SplitMix64& draws) {
  const auto is_left = [&](std::size_t i) { return (taken >> i & 1) == 0; };
  std::optional<std::uint16_t> priority;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (is_left(i)) priority = std::min(priority.value_or(UINT16_MAX), servers[i].priority);
  }
  if (!priority) return std::nullopt;
  const auto counts = [&](std::size_t i) { return is_left(i) && servers[i].priority == *priority; };

  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < servers.size(); ++i)
    if (counts(i)) sum += servers[i].weight;
  const std::uint64_t drawn = draws.up_to(sum);
  // Those of weight 0 come first, so that they have a small chance too: the sum up to them is 0.
  std::uint64_t running = 0;
  for (const bool weightless : {true, false}) {
    for (std::size_t i = 0; i < servers.size(); ++i) {
      if (!counts(i) || (servers[i].weight == 0) != weightless) continue;
      running += servers[i].weight;
      if (running >= drawn) return i;
    }
  }
  return std::nullopt;
}

class ServerChoice {
 public:
  ServerChoice() = default;
  explicit ServerChoice(dns::Records records) : records_(std::move(records)) {}

  // nullptr after the last; valid as long as this object.
  [[nodiscard]] const dns::Record* next(SplitMix64& draws) {
    const auto index = choose_server(records_.all(), taken_, draws);
    if (!index) return nullptr;
    last_ = *index;
    taken_ |= std::uint64_t{1} << last_;
    return &records_[last_];
  }
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] std::span<const dns::Record> all() const { return records_.all(); }
  [[nodiscard]] std::size_t last() const { return last_; }  // what next() gave, in all()

 private:
  static_assert(dns::most_records <= 64);

  dns::Records records_;
  std::uint64_t taken_ = 0;
  std::size_t last_ = 0;
};

}  // namespace sipring
