// What the grammar leaves to C++ about hosts and ports: which hexadecimal groups make an IPv6
// address, how large a port may be.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::detail {

// IPv6address of RFC 3261 section 25.1 as RFC 5954 repairs it; without brackets.
[[nodiscard]] bool is_ipv6_address(std::string_view text);
[[nodiscard]] bool is_ipv4_address(std::string_view text);
// With brackets it must be an IPv6 address; without, the machines let through the octets of names
// and IPv4 addresses only.
[[nodiscard]] bool is_host(std::string_view text);
// The same of a host that may be an IPv6 reference with a zone (RFC 4007 section 11), which no
// grammar has: "[fe80::1%eth0]".
[[nodiscard]] bool is_host_or_zoned(std::string_view text);
// hostname or IPv4address to the letter: what the machines let through has octets alone. An IPv6
// reference is one for certain. A "_" counts as a letter, for it has a note of its own.
[[nodiscard]] bool is_grammatical_host(std::string_view host);
// 1*DIGIT from 1 to 65535; 0 names no port.
[[nodiscard]] std::optional<std::uint16_t> port_from(std::string_view digits);
// Nothing, or zeros: read as no port.
[[nodiscard]] bool is_no_port(std::string_view digits);

}  // namespace sipring::detail
