// Feature-Caps: RFC 6809 section 6. The capabilities of a proxy; feature_tag.h reads them by name.
// Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct FeatureCaps {
  std::string_view parameters;  // the capabilities, all named "+...", from the first ';'
  std::uint32_t length = 0;     // octets up to the comma before the next element, or all of them
  Forgiven forgiven = {};
};

// The first element of a header field's value.
Parsed<FeatureCaps> parse_feature_caps(std::string_view value);

}  // namespace sipring
