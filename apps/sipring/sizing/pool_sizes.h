// How large a shard's pools are where only its memory is known, and what they take.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/limits.h>

#include <cstddef>
#include <cstdint>

namespace sipring::app {

// What an engine with its calls takes when all of its pools are in use, in octets.
[[nodiscard]] std::size_t bytes_of(const Limits& limits);

// As many transactions as fit into so many octets together with as many calls; `limits` says all
// else. 1,024 at least.
[[nodiscard]] std::uint32_t transactions_within(std::uint64_t bytes, const Limits& limits);

// Of each of so many shards that share a machine with other programs: half of its memory for all of
// them. More than 524,288 would be of no use: they carry more requests a second than one CPU.
[[nodiscard]] std::uint32_t transactions_on_machine(std::uint64_t usable_bytes,
                                                    std::uint32_t shards, const Limits& limits);

}  // namespace sipring::app
