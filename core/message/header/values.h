// Header fields whose value is one word or one number: Call-ID, In-Reply-To, Max-Forwards,
// Content-Length, Expires, Min-Expires (RFC 3261 section 20), RSeq, Max-Breadth, Flow-Timer. Views
// are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// Section 20.8. It is compared and sent back, never looked into: any visible octets are forgiven.
struct CallId {
  std::string_view text;
  Forgiven forgiven;
};
Parsed<CallId> parse_call_id(std::string_view value);

Parsed<std::uint32_t> parse_max_forwards(std::string_view value);    // section 20.22: 0 to 255
Parsed<std::uint32_t> parse_content_length(std::string_view value);  // section 20.14
// Section 20.19: values above 2^32-1 become 2^32-1.
Parsed<std::uint32_t> parse_expires(std::string_view value);
Parsed<std::uint32_t> parse_min_expires(std::string_view value);  // section 20.23, the same
Parsed<std::uint32_t> parse_rseq(std::string_view value);         // RFC 3262 section 7.1: not 0
Parsed<std::uint32_t> parse_max_breadth(std::string_view value);  // RFC 5393 section 5.8
Parsed<std::uint32_t> parse_flow_timer(std::string_view value);   // RFC 5626 section 10

// One of In-Reply-To: section 20.21.
struct RepliedCall {
  std::string_view call_id;
  std::uint32_t length = 0;  // octets up to the comma before the next one, or all of them
  Forgiven forgiven = {};
};
Parsed<RepliedCall> parse_in_reply_to(std::string_view value);

}  // namespace sipring
