// Copies of short texts without a call: most pieces that a message is put together from have less
// than 32 octets.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace sipring {

namespace detail {

// Between half and twice half: two loads that may overlap, then two stores.
template <std::size_t half>
inline void copy_ends(char* to, const char* from, std::size_t size) {
  struct Half {
    char octets[half];
  };
  Half first;
  Half last;
  std::memcpy(&first, from, half);
  std::memcpy(&last, from + size - half, half);
  std::memcpy(to, &first, half);
  std::memcpy(to + size - half, &last, half);
}

}  // namespace detail

// `to` has room for the text, and they do not overlap.
inline void copy_text(char* to, std::string_view text) {
  const char* const from = text.data();
  const std::size_t size = text.size();
  if (size > 32) {
    std::memcpy(to, from, size);
  } else if (size >= 16) {
    detail::copy_ends<16>(to, from, size);
  } else if (size >= 8) {
    detail::copy_ends<8>(to, from, size);
  } else if (size >= 4) {
    detail::copy_ends<4>(to, from, size);
  } else {
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
  }
}

}  // namespace sipring
