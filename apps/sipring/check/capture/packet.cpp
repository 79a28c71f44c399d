// SPDX-License-Identifier: MIT
#include <check/capture/octet_reader.h>
#include <check/capture/packet.h>

#include <pcap/dlt.h>

#include <algorithm>
#include <array>

namespace sipring::app {
namespace {

constexpr std::uint16_t ethertype_ipv4 = 0x0800;
constexpr std::uint16_t ethertype_ipv6 = 0x86dd;

// 802.1Q and 802.1ad tags stand before the type.
std::uint16_t read_ethertype(OctetReader& reader) {
  std::uint16_t type = reader.u16();
  while (reader.ok() && (type == 0x8100 || type == 0x88a8)) {
    reader.skip(2);
    type = reader.u16();
  }
  return type;
}

// Leaves the network layer in `reader`; false for what is not IP. Packets say their version
// themselves.
bool skip_link_layer(int link_type, OctetReader& reader) {
  std::uint16_t type = ethertype_ipv4;
  switch (link_type) {
    case DLT_EN10MB:
      reader.skip(12);
      type = read_ethertype(reader);
      break;
    case DLT_LINUX_SLL:
      reader.skip(14);
      type = read_ethertype(reader);
      break;
    case DLT_LINUX_SLL2:
      type = reader.u16();
      reader.skip(18);
      break;
    case DLT_NULL:
    case DLT_LOOP: reader.skip(4); break;
    default: break;  // raw IP
  }
  return reader.ok() && (type == ethertype_ipv4 || type == ethertype_ipv6);
}

IpAddress address_from(std::string_view octets, IpAddress::Family family) {
  IpAddress address{.family = family};
  std::ranges::transform(octets, address.octets.begin(),
                         [](char octet) { return static_cast<std::uint8_t>(octet); });
  return address;
}

// The octets that the header promises; a capture may hold fewer, or padding behind them.
std::optional<IpPacket> read_ipv4(OctetReader reader) {
  constexpr auto family = IpAddress::Family::v4;
  const std::uint8_t version_and_length = reader.u8();
  reader.skip(1);
  const std::uint16_t total = reader.u16();
  IpPacket packet{.fragment_id = reader.u16()};
  const std::uint16_t fragment = reader.u16();
  reader.skip(1);
  packet.protocol = reader.u8();
  reader.skip(2);
  packet.source = address_from(reader.take(4), family);
  packet.destination = address_from(reader.take(4), family);
  const std::size_t header = (version_and_length & 15u) * 4u;
  if (header < 20 || total < header) return std::nullopt;
  reader.skip(header - 20);
  packet.payload = reader.take(total - header);
  packet.fragment_offset = (fragment & 0x1fffu) * 8u;
  packet.more_fragments = (fragment & 0x2000) != 0;
  packet.is_fragment = packet.more_fragments || packet.fragment_offset != 0;
  return reader.ok() ? std::optional(packet) : std::nullopt;
}

// Hop-by-hop, routing and destination options are stepped over (RFC 8200 section 4).
std::optional<IpPacket> read_ipv6(OctetReader reader) {
  constexpr auto family = IpAddress::Family::v6;
  constexpr std::uint8_t fragment_header = 44;
  reader.skip(4);
  const std::uint16_t length = reader.u16();
  IpPacket packet{.protocol = reader.u8()};
  reader.skip(1);
  packet.source = address_from(reader.take(16), family);
  packet.destination = address_from(reader.take(16), family);
  OctetReader payload(reader.take(length));
  while (payload.ok() && (packet.protocol == 0 || packet.protocol == 43 || packet.protocol == 60)) {
    packet.protocol = payload.u8();
    payload.skip(payload.u8() * 8u + 6u);
  }
  if (packet.protocol == fragment_header) {
    packet.protocol = payload.u8();
    payload.skip(1);
    const std::uint16_t fragment = payload.u16();
    packet.fragment_id = payload.u32();
    packet.fragment_offset = fragment & 0xfff8u;
    packet.more_fragments = (fragment & 1) != 0;
    packet.is_fragment = packet.more_fragments || packet.fragment_offset != 0;
  }
  packet.payload = payload.rest();
  return reader.ok() && payload.ok() ? std::optional(packet) : std::nullopt;
}

}  // namespace

bool knows_link_type(int link_type) {
  constexpr std::array known{DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL, DLT_LOOP,
                             DLT_RAW,    DLT_IPV4,      DLT_IPV6,       101 /* LINKTYPE_RAW */};
  return std::ranges::find(known, link_type) != known.end();
}

std::optional<IpPacket> read_packet(int link_type, std::string_view frame) {
  OctetReader reader(frame);
  if (!skip_link_layer(link_type, reader) || reader.rest().empty()) return std::nullopt;
  switch (static_cast<unsigned char>(reader.rest().front()) >> 4) {
    case 4: return read_ipv4(reader);
    case 6: return read_ipv6(reader);
    default: return std::nullopt;
  }
}

std::optional<UdpDatagram> read_udp(std::string_view ip_payload) {
  OctetReader reader(ip_payload);
  UdpDatagram datagram{.source_port = reader.u16(), .destination_port = reader.u16()};
  const std::uint16_t length = reader.u16();
  reader.skip(2);
  if (length < 8) return std::nullopt;
  datagram.payload = reader.take(length - 8u);
  return reader.ok() ? std::optional(datagram) : std::nullopt;
}

std::optional<TcpSegment> read_tcp(std::string_view ip_payload) {
  OctetReader reader(ip_payload);
  TcpSegment segment{.source_port = reader.u16(), .destination_port = reader.u16()};
  segment.sequence = reader.u32();
  reader.skip(4);
  const std::size_t header = (reader.u8() >> 4) * 4u;
  const std::uint8_t flags = reader.u8();
  reader.skip(6);
  if (header < 20) return std::nullopt;
  reader.skip(header - 20);
  constexpr std::uint8_t fin = 1, syn = 2, rst = 4;
  segment.starts = (flags & syn) != 0;
  if (segment.starts) ++segment.sequence;  // SYN takes a number of its own
  segment.ends = (flags & (fin | rst)) != 0;
  segment.payload = reader.rest();
  return reader.ok() ? std::optional(segment) : std::nullopt;
}

}  // namespace sipring::app
