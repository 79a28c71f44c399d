// USER:PASSWORD, as `--auth` of who makes calls takes it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/digest_client.h>

#include <expected>
#include <optional>
#include <string>

namespace sipring::app {

// The first colon ends the user name. nullopt where nothing is given; the error is a sentence.
[[nodiscard]] std::expected<std::optional<DigestAccount>, std::string> account_of(
    const std::string& text);

}  // namespace sipring::app
