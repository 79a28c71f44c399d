// Identity: RFC 8224 section 4. A signed PASSporT, and where the certificate of its signer is.
// Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct Identity {
  std::string_view signed_digest;  // base64url and dots: the whole of a PASSporT, or its signature
  std::string_view info;           // the absolute URI, without brackets
  std::string_view algorithm;      // "alg"; empty when absent: ES256
  std::string_view passport_type;  // "ppt": "shaken" ...
  // All of them, from the first ';'. A ';' inside the brackets of "info" ends it for parameter().
  std::string_view parameters;
  std::uint32_t length = 0;  // all octets: the header field repeats, but is no list
  Forgiven forgiven = {};
};

Parsed<Identity> parse_identity(std::string_view value);

}  // namespace sipring
