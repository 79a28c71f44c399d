// SPDX-License-Identifier: MIT
#include <check/capture/hep3.h>
#include <check/capture/octet_reader.h>
#include <check/capture/packet.h>

namespace sipring::app {
namespace {

enum Type : std::uint16_t {
  protocol = 2,
  source_v4 = 3,
  destination_v4 = 4,
  source_v6 = 5,
  destination_v6 = 6,
  source_port = 7,
  destination_port = 8,
  payload = 15,
};

constexpr std::size_t chunk_header = 6;

void take_address(IpAddress& address, std::string_view octets, IpAddress::Family family) {
  const std::size_t size = family == IpAddress::Family::v6 ? 16 : 4;
  if (octets.size() == size) address = ip_address_from(octets, family);
}

void take_chunk(Hep3& hep, std::uint16_t type, std::string_view octets) {
  using Family = IpAddress::Family;
  OctetReader number(octets);
  switch (type) {
    case protocol: {
      const Transport transport = number.u8() == protocol_tcp ? Transport::tcp : Transport::udp;
      hep.source.transport = hep.destination.transport = transport;
      return;
    }
    case source_v4: return take_address(hep.source.ip, octets, Family::v4);
    case source_v6: return take_address(hep.source.ip, octets, Family::v6);
    case destination_v4: return take_address(hep.destination.ip, octets, Family::v4);
    case destination_v6: return take_address(hep.destination.ip, octets, Family::v6);
    case source_port: hep.source.port = number.u16(); return;
    case destination_port: hep.destination.port = number.u16(); return;
    case payload: hep.payload = octets; return;
    default: return;
  }
}

}  // namespace

std::optional<Hep3> read_hep3(std::string_view octets) {
  OctetReader reader(octets);
  if (reader.take(hep3_magic.size()) != hep3_magic) return std::nullopt;
  const std::uint16_t size = reader.u16();
  if (!reader.ok() || size < chunk_header || size > octets.size()) return std::nullopt;
  OctetReader chunks(octets.substr(chunk_header, size - chunk_header));
  Hep3 hep;
  while (!chunks.rest().empty()) {
    const std::uint16_t vendor = chunks.u16();
    const std::uint16_t type = chunks.u16();
    const std::uint16_t length = chunks.u16();
    if (length < chunk_header) return std::nullopt;
    const std::string_view content = chunks.take(length - chunk_header);
    if (!chunks.ok()) return std::nullopt;
    if (vendor == 0) take_chunk(hep, type, content);
  }
  hep.has_addresses = hep.source.port != 0 && hep.destination.port != 0;
  return hep;
}

}  // namespace sipring::app
