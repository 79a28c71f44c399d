// Where a response goes when the connection that brought its request is gone (RFC 3261 section
// 18.2.2, second choice): to `received`, or to sent-by, at sent-by's port. Never to the port that
// the request came from: nobody listens there.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <optional>
#include <string_view>

namespace sipring {

// `response` is what we have written. nullopt where nobody can be: a request is given, a name
// stands in its Via (".invalid" ones first of all, RFC 7118 section 5), or a WebSocket's client,
// which is no server.
[[nodiscard]] std::optional<NetworkAddress> return_route(std::string_view response);

}  // namespace sipring
