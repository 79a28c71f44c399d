// Rules for the values of header parameters. Implemented by ragel/parameter_values.rl.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::detail {

enum class ValueRule : std::uint8_t {
  token,
  number,             // 1*DIGIT
  two_digits,         // 1*2DIGIT
  qvalue,             // RFC 3261 section 25.1
  index,              // index-val of RFC 7044 section 5
  content_id,         // sip-clean-msg-id of RFC 3892 section 3, without its quotes
  instance,           // <instance-val> of RFC 5626 section 10, with its brackets
  algorithms,         // algo-list of RFC 7339 section 9, without its quotes
  overload_sequence,  // oc-seq of RFC 7339 section 9
  hex,                // lower-case hexadecimal digits
  feature_tag,        // enc-feature-tag of RFC 3840 section 9
};
// The whole text follows the rule.
[[nodiscard]] bool matches(ValueRule rule, std::string_view text);

// 1*DIGIT; what does not fit is 2^32-1.
[[nodiscard]] std::optional<std::uint32_t> number_from(std::string_view text);
// In thousandths: 0 to 1000.
[[nodiscard]] std::optional<std::uint16_t> qvalue_from(std::string_view text);

}  // namespace sipring::detail
