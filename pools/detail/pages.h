// The sizes of pages that the kernel gives.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace sipring {

inline constexpr std::size_t small_page = 4096;
inline constexpr std::size_t huge_page = std::size_t{2} << 20;

}  // namespace sipring
