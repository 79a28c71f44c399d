// "udp:127.0.0.1:5060": how the command line names a listener; without a transport in front of it
// for what is no SIP.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <expected>
#include <string>
#include <string_view>

namespace sipring::app {

// The transport's own port when there is none (5060, 5061, 80, 443); port 0 lets the kernel choose.
// The error is one line for a human.
[[nodiscard]] std::expected<NetworkAddress, std::string> parse_listen_address(
    std::string_view text);
// "127.0.0.1:9464", "[::1]:9464": where something else than SIP listens, by TCP.
[[nodiscard]] std::expected<NetworkAddress, std::string> parse_host_and_port(std::string_view text);
[[nodiscard]] std::string listen_address_text(const NetworkAddress& address);

}  // namespace sipring::app
