// RAck: which reliable provisional response a PRACK acknowledges (RFC 3262 section 7.2). Views are
// into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct RAck {
  std::uint32_t response_number = 0;  // the response's RSeq, not 0
  std::uint32_t cseq_number = 0;      // below 2^31
  Method method = Method::unknown;
  std::string_view method_name;
};

Parsed<RAck> parse_rack(std::string_view value);

}  // namespace sipring
