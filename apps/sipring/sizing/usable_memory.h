// How much memory this process may use: the machine's, or less where a control group says so.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>

namespace sipring::app {

// Octets. Of the control groups that the process is in, and of all that these are in, the least
// counts (cgroup v2: memory.max; v1: memory.limit_in_bytes). `root` is where /proc and /sys are,
// for tests. Where nothing can be read: 1 GiB.
[[nodiscard]] std::uint64_t usable_memory(const std::filesystem::path& root = "/");

}  // namespace sipring::app
