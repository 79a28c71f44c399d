// Contact: RFC 3261 section 20.10, with the parameters of outbound (RFC 5626) and of GRUUs (RFC
// 5627). Feature tags (RFC 3840) stay in `parameters`: feature_tag.h reads them. Views are into the
// value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

// Of a list, or the wildcard: then `wildcard` is set, and nothing else.
struct Contact : Address {
  bool wildcard = false;                 // "*": all bindings (section 10.2.2)
  std::optional<std::uint16_t> q;        // in thousandths
  std::optional<std::uint32_t> expires;  // seconds; 3600 where it is malformed (section 10.2)
  std::uint32_t reg_id = 0;              // RFC 5626: which flow of the instance; 0: absent
  std::string_view instance;   // RFC 5626: URN of +sip.instance, without quotes and brackets
  std::string_view pub_gruu;   // RFC 5627: without quotes; escapes stay
  std::string_view temp_gruu;  // the same
  bool outbound = false;       // "ob" in the URI (RFC 5626 section 4.3)
  bool gruu = false;           // "gr" in the URI (RFC 5627 section 7)
};

// The first element of a header field's value.
Parsed<Contact> parse_contact(std::string_view value);

}  // namespace sipring
