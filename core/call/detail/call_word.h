// What calls attach to the transactions that they send: which call's it is, and that it is a
// call's. Other users of the same engine keep to words without the highest bit.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/handle.h>

#include <cstdint>

namespace sipring {

struct Call;

[[nodiscard]] constexpr std::uint64_t word_of(Handle<Call> at) {
  return std::uint64_t{1} << 63 | std::uint64_t{at.generation} << 32 | at.slot;
}
// Of a transaction whose end is nothing to a call.
[[nodiscard]] constexpr std::uint64_t word_of_nobody() {
  return word_of({});
}
[[nodiscard]] constexpr Handle<Call> call_of(std::uint64_t word) {
  return {static_cast<std::uint32_t>(word) & 0x7fff'ffffU,
          static_cast<std::uint32_t>(word >> 32) & 0x7fff'ffffU};
}
[[nodiscard]] constexpr bool is_ours(std::uint64_t word) {
  return (word >> 63) != 0;
}

// In the number of a tag: the far side's tag is signed with it, so it need not be compared. Who
// calls does not know it when he makes his own.
inline constexpr std::uint64_t signs_far_tag = std::uint64_t{1} << 31;

}  // namespace sipring
