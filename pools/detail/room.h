// Room<T, n>: an array of n objects that have no value yet; one is read only after it was written.
// For T that need neither construction nor destruction, where giving a value to all would cost more
// than using the few.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/assert.h>

#include <cstddef>
#include <type_traits>

namespace sipring {

template <class T, std::size_t n>
class Room {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  Room() {}  // NOLINT(modernize-use-equals-default): `= default` would be deleted
  [[nodiscard]] T& operator[](std::size_t index) {
    SIPRING_VERIFY(index < n);
    return items_[index];
  }
  [[nodiscard]] const T& operator[](std::size_t index) const {
    SIPRING_VERIFY(index < n);
    return items_[index];
  }

 private:
  union {
    T items_[n];
  };
};

}  // namespace sipring
