// The four kinds of transactions: RFC 3261 section 17.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sipring {

enum class TransactionKind : std::uint8_t { invite_client, invite_server, client, server };
inline constexpr std::size_t transaction_kinds = 4;

[[nodiscard]] constexpr std::string_view to_string(TransactionKind kind) {  // "invite_client"
  constexpr std::array<std::string_view, transaction_kinds> names{"invite_client", "invite_server",
                                                                  "client", "server"};
  return names[std::to_underlying(kind)];
}

}  // namespace sipring
