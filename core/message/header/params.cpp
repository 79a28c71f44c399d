// Lookup by name. The iteration is ragel/params.rl.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/params.h>

namespace sipring {

std::optional<std::string_view> parameter(std::string_view parameters, std::string_view name) {
  for (const Parameter& each : Parameters(parameters))
    if (detail::equals_ignoring_case(each.name, name)) return each.value;
  return std::nullopt;
}

}  // namespace sipring
