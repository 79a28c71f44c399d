// Fax over UDPTL: the attributes of ITU-T T.38 Annex D.2.3 (media type image/t38 of RFC 3362).
// Names are compared without case and flags take ":0" and ":1", since both spellings are met.
//
// Lifetime: views point into the values.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>
#include <sipring/core/sdp/fields.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::sdp {

class Media;

struct Fax {
  std::optional<std::uint32_t> version = {};       // T38FaxVersion; absent: 0
  std::optional<std::uint32_t> max_bit_rate = {};  // T38MaxBitRate
  bool fill_bit_removal = false;                   // T38FaxFillBitRemoval
  bool transcoding_mmr = false;                    // T38FaxTranscodingMMR
  bool transcoding_jbig = false;                   // T38FaxTranscodingJBIG
  std::string_view rate_management = {};           // "transferredTCF", "localTCF"
  std::optional<std::uint32_t> max_buffer = {};    // T38FaxMaxBuffer
  std::optional<std::uint32_t> max_datagram = {};  // T38FaxMaxDatagram
  std::string_view error_correction = {};          // T38FaxUdpEC: "t38UDPRedundancy", "t38UDPFEC"
  std::string_view vendor_info = {};               // T38VendorInfo
};

// True when the attribute is one of T.38's and was taken; false when it is another. An error when
// its value is malformed, with an offset in that value.
Parsed<bool> take_fax_attribute(Fax& fax, const Attribute& attribute);
// All of a media's.
Parsed<Fax> read_fax(const Media& media);

}  // namespace sipring::sdp
