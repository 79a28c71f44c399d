// Security-Client, Security-Server, Security-Verify: RFC 3329 section 2.2. The parameters of
// ipsec-3gpp (appendix A) stay in `parameters`. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

struct SecurityMechanism {
  enum class Kind : std::uint8_t { digest, tls, ipsec_ike, ipsec_man, ipsec_3gpp, other };

  Kind kind = Kind::other;
  std::string_view name;              // as written
  std::optional<std::uint16_t> q;     // preference in thousandths
  std::string_view digest_algorithm;  // d-alg
  std::string_view digest_qop;        // d-qop
  std::string_view digest_verify;     // d-ver: 32 hexadecimal digits, without quotes
  std::string_view parameters;        // all of them, from the first ';'
  std::uint32_t length = 0;  // octets up to the comma before the next element, or all of them
  Forgiven forgiven;
};

// The first element of a header field's value.
Parsed<SecurityMechanism> parse_security_mechanism(std::string_view value);

}  // namespace sipring
