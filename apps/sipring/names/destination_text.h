// Where to go, as a command line says it: a URI ("sip:bob@example.net;transport=tcp"), or a
// transport and a host ("udp:sbc.example.net", "tls:192.0.2.1:5061").
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/routing/destination.h>

#include <expected>
#include <string>
#include <string_view>

namespace sipring::app {

// Views are into `text`. The error is a sentence.
[[nodiscard]] std::expected<Destination, std::string> parse_destination(std::string_view text);

}  // namespace sipring::app
