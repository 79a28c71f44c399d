// Handle<T> remembers an object of a Pool<T> across calls: a slot and the generation it had when it
// was acquired.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring {

// Generations that are issued are odd, so the null handle (generation 0) and a free slot (even)
// never match.
template <class T>
struct Handle {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;

  explicit operator bool() const { return generation != 0; }
  friend bool operator==(const Handle&, const Handle&) = default;
};

}  // namespace sipring
