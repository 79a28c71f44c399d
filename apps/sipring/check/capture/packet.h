// What a captured frame carries: IPv4 (RFC 791) and IPv6 (RFC 8200) under the link layers that
// captures of SIP come with, UDP (RFC 768) and TCP (RFC 9293) over them. Views into the frame.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::app {

struct IpPacket {
  IpAddress source = {}, destination = {};
  std::uint8_t protocol = 0;  // of the payload: 6 TCP, 17 UDP
  std::string_view payload = {};
  bool is_fragment = false;
  bool more_fragments = false;
  std::uint32_t fragment_id = 0;
  std::uint32_t fragment_offset = 0;  // octets
};

// `link_type` is a DLT_ value of libpcap. nullopt: another link layer, another network protocol, or
// a header that is cut off.
[[nodiscard]] std::optional<IpPacket> read_packet(int link_type, std::string_view frame);
[[nodiscard]] bool knows_link_type(int link_type);

struct UdpDatagram {
  std::uint16_t source_port = 0, destination_port = 0;
  std::string_view payload = {};
};
[[nodiscard]] std::optional<UdpDatagram> read_udp(std::string_view ip_payload);

struct TcpSegment {
  std::uint16_t source_port = 0, destination_port = 0;
  std::uint32_t sequence = 0;  // of the first octet of the payload
  bool starts = false;         // SYN
  bool ends = false;           // FIN or RST
  std::string_view payload = {};
};
[[nodiscard]] std::optional<TcpSegment> read_tcp(std::string_view ip_payload);

}  // namespace sipring::app
