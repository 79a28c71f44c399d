// SPDX-License-Identifier: MIT
#include <check/capture/link_layer.h>
#include <check/capture/octet_reader.h>
#include <check/capture/packet.h>

#include <algorithm>

namespace sipring::app {
namespace {

// The octets that the header promises; a capture may hold fewer, or padding behind them. A length
// of 0 is that of a packet which the network card had yet to cut up.
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
  packet.source = ip_address_from(reader.take(4), family);
  packet.destination = ip_address_from(reader.take(4), family);
  const std::size_t header = (version_and_length & 15u) * 4u;
  if (header < 20 || (total != 0 && total < header)) return std::nullopt;
  reader.skip(header - 20);
  packet.payload = total == 0 ? reader.rest() : reader.take(total - header);
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
  packet.source = ip_address_from(reader.take(16), family);
  packet.destination = ip_address_from(reader.take(16), family);
  OctetReader payload(length == 0 ? reader.rest() : reader.take(length));
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

std::optional<IpPacket> read_ip(const OctetReader& reader) {
  if (reader.rest().empty()) return std::nullopt;
  switch (static_cast<unsigned char>(reader.rest().front()) >> 4) {
    case 4: return read_ipv4(reader);
    case 6: return read_ipv6(reader);
    default: return std::nullopt;
  }
}

// RFC 2784, RFC 2890: checksum, key and number are there where a flag says so. Ethernet in it is
// what switches mirror.
bool skip_gre(OctetReader& reader) {
  constexpr std::uint16_t ethernet = 0x6558;
  const std::uint16_t flags = reader.u16();
  const std::uint16_t ethertype = reader.u16();
  for (const unsigned flag : {0x8000u, 0x2000u, 0x1000u})
    if ((flags & flag) != 0) reader.skip(4);
  if ((flags & 7u) != 0) return false;  // another version
  if (ethertype != ethernet) return skip_to_ip(ethertype, reader);
  reader.skip(12);
  return skip_to_ip(reader.u16(), reader);
}

}  // namespace

IpAddress ip_address_from(std::string_view octets, IpAddress::Family family) {
  IpAddress address{.family = family};
  std::ranges::transform(octets, address.octets.begin(),
                         [](char octet) { return static_cast<std::uint8_t>(octet); });
  return address;
}

std::optional<IpPacket> read_packet(int link_type, std::string_view frame) {
  OctetReader reader(frame);
  return skip_link_layer(link_type, reader) ? read_ip(reader) : std::nullopt;
}

std::optional<IpPacket> read_tunnel(const IpPacket& outer) {
  OctetReader reader(outer.payload);
  switch (outer.protocol) {
    case protocol_ipv4:
    case protocol_ipv6: return read_ip(reader);
    case protocol_gre: return skip_gre(reader) ? read_ip(reader) : std::nullopt;
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
  constexpr std::uint8_t fin = 1, syn = 2, rst = 4, ack = 16;
  segment.starts = (flags & syn) != 0;
  segment.acknowledges = (flags & ack) != 0;
  if (segment.starts) ++segment.sequence;  // SYN takes a number of its own
  segment.ends = (flags & (fin | rst)) != 0;
  segment.payload = reader.rest();
  return reader.ok() ? std::optional(segment) : std::nullopt;
}

}  // namespace sipring::app
