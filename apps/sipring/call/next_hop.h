// Where the INVITE of a call goes (RFC 3263): before anything is sent, and it may block.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <expected>
#include <string>
#include <string_view>

namespace sipring::app {

// Of a URI, or of "udp:HOST:PORT". What needs another transport than UDP is refused by its name.
// The error is a sentence.
[[nodiscard]] std::expected<NetworkAddress, std::string> next_hop_of(std::string_view text,
                                                                     IpAddress::Family family);

}  // namespace sipring::app
