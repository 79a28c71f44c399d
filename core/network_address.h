// Where octets come from and go to, without sockaddr.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

// RFC 3261 section 18, RFC 7118.
enum class Transport : std::uint8_t { udp, tcp, tls, ws, wss };

[[nodiscard]] std::string_view to_string(Transport transport);  // as in a Via: "UDP"
// Retransmissions are for unreliable transports only (section 17).
[[nodiscard]] constexpr bool is_reliable(Transport transport) {
  return transport != Transport::udp;
}
[[nodiscard]] constexpr bool has_tls(Transport transport) {
  return transport == Transport::tls || transport == Transport::wss;
}
[[nodiscard]] constexpr bool is_websocket(Transport transport) {
  return transport == Transport::ws || transport == Transport::wss;
}
// Of TLS or of a WebSocket: it comes before the first message, and names whom it is for.
[[nodiscard]] constexpr bool has_handshake(Transport transport) {
  return has_tls(transport) || is_websocket(transport);
}
// RFC 3261 section 19.1.2; of WebSocket RFC 7118 section 5.
[[nodiscard]] constexpr std::uint16_t default_port(Transport transport) {
  switch (transport) {
    case Transport::udp:
    case Transport::tcp: return 5060;
    case Transport::tls: return 5061;
    case Transport::ws: return 80;
    case Transport::wss: return 443;
  }
  return 5060;
}

struct IpAddress {
  enum class Family : std::uint8_t { v4, v6 };
  std::array<std::uint8_t, 16>
      octets{};  // network order; IPv4 uses the first four, the rest is zero
  Family family = Family::v4;
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

// "192.0.2.1", "2001:db8::1" or "[2001:db8::1]"; nullopt for a name. Numbers are decimal, four of
// them: no short forms.
[[nodiscard]] std::optional<IpAddress> parse_ip_address(std::string_view text);

// Aligned to be copied in whole words: octets that were written wide and are read across two writes
// make the processor wait for its cache.
struct alignas(8) NetworkAddress {
  IpAddress ip;
  std::uint16_t port = 0;
  Transport transport = Transport::udp;
  friend auto operator<=>(const NetworkAddress&, const NetworkAddress&) = default;
};

// A text of at most 39 (address) or 47 (address and port) octets, without allocation.
struct AddressText {
  std::array<char, 48> characters{};
  std::uint8_t size = 0;
  [[nodiscard]] std::string_view view() const { return {characters.data(), size}; }
};
[[nodiscard]] AddressText to_text(const IpAddress& address);       // "2001:db8::1" (RFC 5952)
[[nodiscard]] AddressText to_text(const NetworkAddress& address);  // "[2001:db8::1]:5060"
// Writes the same at `to`, which has room for an AddressText's characters; returns the end.
[[nodiscard]] char* write_text(char* to, const IpAddress& address);

}  // namespace sipring
