// qvalue: how much something is preferred, in thousandths (RFC 3261 sections 20.1, 25.1).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

// "0" to "1" with three decimals at most, as thousandths.
[[nodiscard]] std::optional<std::uint16_t> parse_qvalue(std::string_view text);

struct Quality {
  std::uint16_t thousandths = 1000;  // 0: not acceptable
  bool given = false;

  // From the value of a parameter "q"; false when it is malformed or comes twice.
  [[nodiscard]] bool take(std::string_view text) {
    const std::optional<std::uint16_t> value = parse_qvalue(text);
    if (given || !value) return false;
    *this = {*value, true};
    return true;
  }
  friend bool operator==(const Quality&, const Quality&) = default;
};

}  // namespace sipring
