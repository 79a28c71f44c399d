// SHA-1 for the opening handshake of WebSockets (RFC 6455 section 4.2.2), from OpenSSL.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sipring {

[[nodiscard]] std::array<std::uint8_t, 20> sha1(std::string_view text);

}  // namespace sipring
