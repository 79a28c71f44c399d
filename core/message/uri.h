// SIP and SIPS URIs (RFC 3261 section 19.1), and any other absolute URI kept whole.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// Views are raw wire octets: escapes stay.
struct Uri {
  enum class Scheme : std::uint8_t { sip, sips, other };
  Scheme scheme = Scheme::other;
  std::string_view text;  // the whole URI
  std::string_view user;  // before ':' and '@'; empty when absent
  std::string_view password;
  std::string_view host;        // an IPv6 reference keeps its brackets
  std::uint16_t port = 0;       // 0: absent
  std::string_view parameters;  // from the first ';' (included) to '?' or the end
  std::string_view headers;     // after '?'
};

// `text` is exactly one URI.
Parsed<Uri> parse_uri(std::string_view text);

}  // namespace sipring
