// What stands before the IP packet in a captured frame: the link layers that captures of SIP come
// with, the tags and labels between them and IP, and PPPoE (RFC 2516).
// SPDX-License-Identifier: MIT
#pragma once

#include <check/capture/octet_reader.h>

#include <cstdint>

namespace sipring::app {

// By ethertype; leaves the IP packet in `reader`. False for another network protocol, or octets
// that end too soon.
[[nodiscard]] bool skip_to_ip(std::uint16_t ethertype, OctetReader& reader);
// The same for a whole frame. `link_type` is a DLT_ value of libpcap.
[[nodiscard]] bool skip_link_layer(int link_type, OctetReader& reader);
[[nodiscard]] bool knows_link_type(int link_type);

}  // namespace sipring::app
