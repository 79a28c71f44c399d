// "tls:[::]:5061?cert=chain.pem&key=key.pem&verify=peer": how the command line and files name a
// listener with its certificates.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/config.h>

#include <expected>
#include <string>
#include <string_view>

namespace sipring::app {

// Of TLS and secure WebSockets: cert, key, ca; verify is none, request or peer. Of all connections:
// proxy=v2, a PROXY header begins each.
using ListenerText = ListenerConfig;

// The error is one line for a human.
[[nodiscard]] std::expected<ListenerText, std::string> parse_listener(std::string_view text);

[[nodiscard]] inline bool signs_itself(const ListenerText& listener) {
  return listener.files.certificate.empty();
}

}  // namespace sipring::app
