// `sipring answer --config FILE`: flags that come out of a TOML file (sipring/io/config.h).
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/flags.h>

#include <expected>
#include <string>

namespace sipring::app {

// Sets what the file names. The error names file, line and key, and says what is wrong.
[[nodiscard]] std::expected<void, std::string> take_config(const std::string& file,
                                                           AnswerFlags& flags);

}  // namespace sipring::app
