// How many allocations there have been: malloc, operator new and their kin, all of the program.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace sipring::test {

[[nodiscard]] std::size_t allocations();

}  // namespace sipring::test
