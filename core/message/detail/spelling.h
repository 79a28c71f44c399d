// Enumerations whose enumerators stand for words.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/octets.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace sipring::detail {

// The enumerator whose spelling is `text`, compared without case; the first enumerator, which has
// none, when there is no such word. Spellings are in the order of the enumeration.
template <class Enum, std::size_t size>
[[nodiscard]] Enum enum_from(const std::array<std::string_view, size>& spellings,
                             std::string_view text) {
  for (std::size_t i = 1; i < size; ++i)
    if (!text.empty() && equals_ignoring_case(spellings[i], text)) return static_cast<Enum>(i);
  return Enum{};
}

}  // namespace sipring::detail
