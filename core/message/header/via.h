// Via: RFC 3261 section 20.42, rport of RFC 3581.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct Via {
  std::string_view transport;  // "UDP", "TLS", "WSS" ... as written
  std::string_view host;       // of sent-by; an IPv6 reference keeps its brackets
  std::uint16_t port = 0;      // of sent-by; 0: absent
  std::string_view branch;
  std::string_view received;
  std::string_view maddr;
  bool has_rport = false;       // the parameter is there, with or without a value
  std::uint16_t rport = 0;      // 0: without a value
  std::string_view rport_text;  // the parameter as written: "rport" or "rport=5060"; empty: absent
  std::string_view parameters;  // all of them, from the first ';'
  std::string_view text;        // this via-parm alone
  std::uint32_t length = 0;     // octets up to the comma before the next via-parm, or all of them
  Forgiven forgiven;            // underscore_in_host, bracketed_received
};

// The first via-parm of a header field's value. The next one starts at value.substr(via.length + 1)
// when length < size; elements<parse_via>() walks them. Views are into `value`.
Parsed<Via> parse_via(std::string_view value);

}  // namespace sipring
