// CSeq: RFC 3261 section 20.16. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct CSeq {
  std::uint32_t number = 0;  // below 2^31 (section 8.1.1.5)
  Method method = Method::unknown;
  std::string_view method_name;
};

// Refuses a number of 2^31 or more.
Parsed<CSeq> parse_cseq(std::string_view value);

}  // namespace sipring
