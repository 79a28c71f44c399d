// Where the INVITE of a call goes (RFC 3263): before anything is sent, and it may block.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/io/transaction_user.h>

#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace sipring::app {

// Of a URI, or of "udp:HOST:PORT", by a transport and an address family that a listener has: its
// Via and Contact stand in the INVITE. By TLS no call goes, since the domain that the certificate
// must be for does not come along to the connection. The error is a sentence.
[[nodiscard]] std::expected<NetworkAddress, std::string> next_hop_of(
    std::string_view text, std::span<const Listener> listeners);

}  // namespace sipring::app
