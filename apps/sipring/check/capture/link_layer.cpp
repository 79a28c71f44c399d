// SPDX-License-Identifier: MIT
#include <check/capture/link_layer.h>

#include <pcap/dlt.h>

#include <algorithm>
#include <array>

namespace sipring::app {
namespace {

constexpr std::uint16_t ethertype_ipv4 = 0x0800, ethertype_ipv6 = 0x86dd;
constexpr std::uint16_t ppp_ipv4 = 0x0021, ppp_ipv6 = 0x0057;

// A frame that begins with a protocol number of PPP (RFC 1661), which may be one octet.
bool skip_ppp(OctetReader& reader) {
  std::uint16_t protocol = reader.u8();
  if ((protocol & 1) == 0) protocol = static_cast<std::uint16_t>(protocol << 8 | reader.u8());
  return reader.ok() && (protocol == ppp_ipv4 || protocol == ppp_ipv6);
}

// PPP as in HDLC: address and control stand in front, or are left out.
bool skip_framed_ppp(OctetReader& reader) {
  if (reader.rest().starts_with("\xff\x03")) reader.skip(2);
  return skip_ppp(reader);
}

// Labels end with the one that has the bottom bit (RFC 3032).
bool skip_mpls(OctetReader& reader) {
  while (reader.ok() && (reader.u32() & 0x100) == 0) {
  }
  return reader.ok();
}

}  // namespace

bool skip_to_ip(std::uint16_t ethertype, OctetReader& reader) {
  while (reader.ok()) {
    switch (ethertype) {
      case ethertype_ipv4:
      case ethertype_ipv6: return true;
      case 0x8100:  // VLAN: 802.1Q, 802.1ad, and what was used before it
      case 0x88a8:
      case 0x9100:
        reader.skip(2);
        ethertype = reader.u16();
        break;
      case 0x8847:  // MPLS
      case 0x8848: return skip_mpls(reader);
      case 0x8864:  // PPPoE session
        reader.skip(6);
        return skip_ppp(reader);
      default: return false;
    }
  }
  return false;
}

bool skip_link_layer(int link_type, OctetReader& reader) {
  switch (link_type) {
    case DLT_EN10MB: reader.skip(12); return skip_to_ip(reader.u16(), reader);
    case DLT_LINUX_SLL: reader.skip(14); return skip_to_ip(reader.u16(), reader);
    case DLT_LINUX_SLL2: {  // the type stands first; what it is the type of, behind the header
      const std::uint16_t ethertype = reader.u16();
      reader.skip(18);
      return skip_to_ip(ethertype, reader);
    }
    case DLT_NULL:
    case DLT_LOOP: reader.skip(4); return reader.ok();
    case DLT_PPP:
    case DLT_PPP_SERIAL: return skip_framed_ppp(reader);
    case DLT_PPP_ETHER: reader.skip(6); return skip_ppp(reader);
    default: return true;  // IP: packets say their version themselves
  }
}

bool knows_link_type(int link_type) {
  constexpr std::array known{DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL,
                             DLT_LOOP,   DLT_PPP,       DLT_PPP_SERIAL, DLT_PPP_ETHER,
                             DLT_RAW,    DLT_IPV4,      DLT_IPV6,       101 /* LINKTYPE_RAW */};
  return std::ranges::find(known, link_type) != known.end();
}

}  // namespace sipring::app
