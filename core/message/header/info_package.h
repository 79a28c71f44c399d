// Info-Package and Recv-Info: RFC 6086 sections 7.2, 7.3. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct InfoPackage {
  std::string_view name;  // compared with case
  std::string_view parameters;
  std::uint32_t length = 0;  // octets up to the comma before the next one, or all of them
  Forgiven forgiven = {};
};

Parsed<InfoPackage> parse_info_package(std::string_view value);  // the only one
Parsed<InfoPackage> parse_recv_info(std::string_view value);     // the first one of a list

}  // namespace sipring
