// What a captured frame carries: IPv4 (RFC 791) and IPv6 (RFC 8200) under the link layers that
// captures of SIP come with, UDP (RFC 768) and TCP (RFC 9293) over them. Views into the frame.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::app {

// Protocol numbers of IP, and next headers.
inline constexpr std::uint8_t protocol_ipv4 = 4, protocol_tcp = 6, protocol_udp = 17,
                              protocol_ipv6 = 41, protocol_gre = 47;

struct IpPacket {
  IpAddress source = {}, destination = {};
  std::uint8_t protocol = 0;  // of the payload
  std::string_view payload = {};
  bool is_fragment = false;
  bool more_fragments = false;
  std::uint32_t fragment_id = 0;
  std::uint32_t fragment_offset = 0;  // octets
};

// nullopt: another network protocol, or a header that is cut off. Link types: link_layer.h.
[[nodiscard]] std::optional<IpPacket> read_packet(int link_type, std::string_view frame);

// The packet within a packet: IP in IP (RFC 2003, RFC 4213), GRE (RFC 2784). nullopt: none, or a
// broken one.
[[nodiscard]] std::optional<IpPacket> read_tunnel(const IpPacket& outer);

// Of 4 or 16 octets in network order.
[[nodiscard]] IpAddress ip_address_from(std::string_view octets, IpAddress::Family family);

struct UdpDatagram {
  std::uint16_t source_port = 0, destination_port = 0;
  std::string_view payload = {};
};
[[nodiscard]] std::optional<UdpDatagram> read_udp(std::string_view ip_payload);

struct TcpSegment {
  std::uint16_t source_port = 0, destination_port = 0;
  std::uint32_t sequence = 0;  // of the first octet of the payload
  bool starts = false;         // SYN
  bool acknowledges = false;   // ACK; a SYN without it opens a connection
  bool ends = false;           // FIN or RST
  std::string_view payload = {};
};
[[nodiscard]] std::optional<TcpSegment> read_tcp(std::string_view ip_payload);

}  // namespace sipring::app
