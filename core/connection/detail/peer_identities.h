// PeerIdentities: who the far ends of connections have proved to be. TLS knows, and is not here.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>

#include <string_view>

namespace sipring {

class PeerIdentities {
 public:
  virtual ~PeerIdentities() = default;
  // Whether the certificate of the peer was verified and speaks for this SIP domain (RFC 5922
  // section 7); the same as if we had connected to it. Empty: for whomever.
  [[nodiscard]] virtual bool is_authenticated_as(Flow flow, std::string_view domain) const = 0;
};

}  // namespace sipring
