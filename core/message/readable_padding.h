// What must be readable behind the text of a message.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace sipring {

// Octets after the end of a message that must be readable (their values do not matter): wide loads
// may touch them, views never do. Debug builds read them all, so that a sanitizer sees a buffer
// that is too short.
inline constexpr std::size_t readable_padding = 64;

}  // namespace sipring
