// TimerText: the Session-Expires of a 2xx (RFC 4028 section 9), and whether it is required.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace sipring {

struct TimerText {
  std::array<char, 40> octets;
  std::size_t size = 0;  // 0: none
  bool require = false;
  [[nodiscard]] std::string_view view() const { return {octets.data(), size}; }
};

}  // namespace sipring
