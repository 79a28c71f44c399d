// Counts what this program and the libraries in it take from the heap.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace compare {

[[nodiscard]] std::uint64_t allocations();

}  // namespace compare
