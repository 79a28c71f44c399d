// Resource-Priority and Accept-Resource-Priority: RFC 4412 sections 3.1, 3.2. Views are into the
// value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// Both words are compared without case.
struct ResourcePriority {
  std::string_view name_space;  // "dsn", "ets", "wps" ...
  std::string_view priority;    // "flash", "0" ...
  std::uint32_t length = 0;     // octets up to the comma before the next element, or all of them
};
// The first element of a header field's value.
Parsed<ResourcePriority> parse_resource_priority(std::string_view value);

struct AcceptedPriority : ResourcePriority {};
Parsed<AcceptedPriority> parse_accept_resource_priority(std::string_view value);

}  // namespace sipring
