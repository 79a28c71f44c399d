// How many allocations this thread has made: malloc, operator new and their kin.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace sipring::test {

[[nodiscard]] std::size_t allocations();

}  // namespace sipring::test
