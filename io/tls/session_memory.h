// What OpenSSL's heap holds for one session, as it is measured in this process: it depends on the
// library's version and build.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/tls/context.h>

#include <cstddef>
#include <optional>

namespace sipring {

struct SessionMemory {
  std::size_t idle = 0;    // octets, once its buffers have been given back
  std::size_t active = 0;  // with them
};
// Of a connection that a server accepts, TLS 1.3 with a key of P-256 and no certificate of the
// client's. Takes a tenth of a second. From its first call on OpenSSL's memory is counted in this
// process. nullopt: OpenSSL has been used before, or refuses.
[[nodiscard]] std::optional<SessionMemory> measure_session_memory(TlsProtocol protocol);

}  // namespace sipring
