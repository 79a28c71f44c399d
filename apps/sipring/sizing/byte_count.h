// Counts of octets as people write them: 65536, 512M, 4G.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sipring::app {

// A number, and K, M, G or T (1,024 of the one before; "GiB" is as good). nullopt: anything else,
// or more than 64 bits hold.
[[nodiscard]] std::optional<std::uint64_t> parse_byte_count(std::string_view text);
[[nodiscard]] std::string byte_count_text(std::uint64_t bytes);  // "1.5 GiB"

}  // namespace sipring::app
