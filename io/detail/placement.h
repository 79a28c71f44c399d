// Placement: where and how urgently a shard's thread runs, and where its memory lies. For the
// calling thread, before it takes any memory.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/open_error.h>
#include <sipring/io/options.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sipring {

// The CPUs that the process may use, by number.
[[nodiscard]] std::vector<int> usable_cpus();

// The CPU that the options give to a shard; nullopt: any.
[[nodiscard]] std::optional<int> cpu_of(std::uint32_t shard, const ShardOptions& options,
                                        std::span<const int> usable);

[[nodiscard]] std::expected<void, OpenError> pin_thread(std::uint32_t shard, int cpu);
// -20, the most urgent, to 19. Below 0 needs CAP_SYS_NICE.
[[nodiscard]] std::expected<void, OpenError> set_nice_level(std::uint32_t shard, int level);
// All memory that the thread touches first comes from the NUMA node of the CPU that it runs on. A
// line for people when the kernel does not do so: it is no reason not to start.
[[nodiscard]] std::optional<std::string> bind_memory(std::uint32_t shard);

}  // namespace sipring
