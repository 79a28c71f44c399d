// Header parameters: *( SEMI generic-param ) (RFC 3261 section 25.1).
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace sipring {

// The value of parameter `name` (compared without case) in a parsed parameter text such as
// Via::parameters; "" when it has no value; nullopt when absent. Quoted values keep their quotes.
// No copy, no allocation.
[[nodiscard]] std::optional<std::string_view> parameter(std::string_view parameters,
                                                        std::string_view name);

}  // namespace sipring
