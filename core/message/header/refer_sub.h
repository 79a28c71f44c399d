// Refer-Sub: RFC 4488 section 4. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <string_view>

namespace sipring {

struct ReferSub {
  bool subscribe = true;  // false: the referrer wants no subscription
  std::string_view parameters;
  Forgiven forgiven = {};
};

Parsed<ReferSub> parse_refer_sub(std::string_view value);

}  // namespace sipring
