// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sipring::app {

[[nodiscard]] std::string version();  // "0.1.0"

}  // namespace sipring::app
