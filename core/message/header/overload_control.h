// Overload control in a Via: RFC 7339 section 4, rate-based RFC 7415. Read on demand from the
// parameters of a parsed Via; parsing a Via costs nothing for it. Views are into them.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

struct OverloadControl {
  bool supported = false;  // "oc" is there: with a value in responses, without one in requests
  std::optional<std::uint32_t> oc;  // percent to drop (loss), or messages a second (rate)
  std::string_view algorithms;      // "loss,rate": without quotes; has_algorithm() looks in it
  bool has_validity = false;
  std::optional<std::uint32_t> validity_ms;  // 0: overload is over; default_validity_ms when absent
  std::string_view sequence;                 // "1282321615.782"; see is_newer()
  std::string_view parameters;               // the Via's
  Forgiven forgiven;                         // offsets are within the Via's parameters

  static constexpr std::uint32_t default_validity_ms = 500;  // section 4.3
};

// `via_parameters` is Via::parameters; so are the offsets of errors.
Parsed<OverloadControl> parse_overload_control(std::string_view via_parameters);

[[nodiscard]] bool has_algorithm(const OverloadControl& control, std::string_view name);

// Of two values of oc-seq, both from a parsed OverloadControl: `a` was made after `b`
// (section 4.4).
[[nodiscard]] bool is_newer(std::string_view a, std::string_view b);

}  // namespace sipring
