// Why an opening handshake of a WebSocket fails (RFC 6455 sections 4.1 and 4.2, RFC 7118 section
// 4).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace sipring {

// The enumerator names what is wrong with the request, or with the server's response.
enum class UpgradeError : std::uint8_t {
  none,
  head_too_large,     // more octets than UpgradePolicy::head_bytes
  malformed,          // neither a request nor a response of HTTP (RFC 7230 section 3)
  http_version,       // not HTTP/1.1 (6455 section 4.2.1, item 1)
  method,             // not GET (item 1)
  has_body,           // what follows the head are frames
  target,             // no resource name (item 1)
  resource,           // not the one that we serve (section 4.2.2)
  host,               // Host is absent or there twice (item 2)
  upgrade,            // Upgrade does not say websocket (item 3)
  connection,         // Connection does not say Upgrade (item 4)
  key,                // Sec-WebSocket-Key is absent, twice, or not 16 octets in base64 (item 5)
  websocket_version,  // Sec-WebSocket-Version is not 13 (item 6)
  subprotocol,        // sip is not offered, or not what the server chose (RFC 7118 section 4.1)
  origin,             // one that we do not serve (6455 sections 4.2.2, 10.2)
  status,             // the server's is not 101 (section 4.1)
  accept,             // Sec-WebSocket-Accept is not the answer to our key (section 4.1)
  extension,          // the server chose one; we offer none (section 4.1)
};

[[nodiscard]] std::string_view to_string(UpgradeError error);    // "head_too_large"
[[nodiscard]] std::string_view explanation(UpgradeError error);  // one sentence for a human

// How a server answers it: status and phrase, and header fields with their CRLF.
struct UpgradeRefusal {
  std::string_view status;  // "400 Bad Request"
  std::string_view fields;
};
[[nodiscard]] UpgradeRefusal refusal_of(UpgradeError error);

}  // namespace sipring
