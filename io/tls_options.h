// How listeners accept TLS, and how connections that we open speak it (RFC 3261 section 26.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/tls_material.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sipring {

// Of the other side's certificate. A client always verifies that of its server, but with `none`.
enum class TlsVerify : std::uint8_t {
  none,     // not asked for
  request,  // may be absent; what is shown must be good
  require,  // mutual TLS
};

// Of one listener for tls or wss.
struct ListenerTls {
  std::uint32_t listener = 0;          // its index among the listeners of ServerOptions
  std::vector<TlsMaterial> materials;  // the client's server name (SNI) picks one; else the first
  TlsVerify verify = TlsVerify::none;  // of clients
};

struct ClientTls {
  TlsMaterial material;  // what we show to who asks, and whose signature we believe
  bool verify = true;    // false: whoever answers is believed
  // The SIP domain that a server must speak for (RFC 5922), and which it is told by SNI, where its
  // target names none: an address alone. Empty: its certificate must be good, whoever it speaks
  // for.
  std::string domain;
  bool resumes = true;  // what a server has given us to be recognized by (RFC 8446 section 2.2)
};

}  // namespace sipring
