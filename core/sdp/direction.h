// Who sends media: RFC 8866 section 6.7, and what an answer makes of it (RFC 3264 section 6.1).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::sdp {

// Two bits: the speaker sends, the speaker receives.
enum class Direction : std::uint8_t { inactive = 0, sendonly = 1, recvonly = 2, sendrecv = 3 };

[[nodiscard]] std::string_view to_string(Direction direction);
[[nodiscard]] std::optional<Direction> direction_from(std::string_view attribute_name);

[[nodiscard]] constexpr bool sends(Direction direction) {
  return (static_cast<unsigned>(direction) & 1U) != 0;
}
[[nodiscard]] constexpr bool receives(Direction direction) {
  return (static_cast<unsigned>(direction) & 2U) != 0;
}
[[nodiscard]] constexpr Direction make_direction(bool sends, bool receives) {
  return static_cast<Direction>((sends ? 1U : 0U) | (receives ? 2U : 0U));
}
// As the other side sees it.
[[nodiscard]] constexpr Direction mirrored(Direction direction) {
  return make_direction(receives(direction), sends(direction));
}
// What both allow.
[[nodiscard]] constexpr Direction both(Direction a, Direction b) {
  return static_cast<Direction>(static_cast<unsigned>(a) & static_cast<unsigned>(b));
}

}  // namespace sipring::sdp
