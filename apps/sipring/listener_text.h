// "tls:[::]:5061?cert=chain.pem&key=key.pem&verify=peer": how the command line and files name a
// listener with its certificates.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/io/options.h>
#include <sipring/io/tls_options.h>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace sipring::app {

struct ListenerText {
  NetworkAddress address;
  // Of TLS and secure WebSockets: cert, key, ca. No cert: we sign one ourselves, for trying out.
  TlsFiles files;
  TlsVerify verify = TlsVerify::none;  // none, request, peer
  friend bool operator==(const ListenerText&, const ListenerText&) = default;
};

// The error is one line for a human.
[[nodiscard]] std::expected<ListenerText, std::string> parse_listener(std::string_view text);

// Its files are read, or a pair is made. The error is one line that says what to do.
[[nodiscard]] std::expected<ListenerTls, std::string> listener_tls_of(const ListenerText& listener);
// One listener more, with its certificates.
[[nodiscard]] std::expected<void, std::string> add_listener(const ListenerText& listener,
                                                            ServerOptions& options);
[[nodiscard]] inline bool signs_itself(const ListenerText& listener) {
  return listener.files.certificate.empty();
}

}  // namespace sipring::app
