// Where a response goes: RFC 3261 section 18.2.2 with the symmetric routing of RFC 3581 section 4.
//
// The server decides it when the request comes, from the top Via and from where the octets came;
// that is also when the Via gets its `received` and `rport` (section 18.2.1), which ViaStamp
// writes.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/via.h>
#include <sipring/core/received.h>

#include <optional>

namespace sipring {

struct ResponseRoute {
  // Of a connection: where another one is opened to when that which brought the request is gone; as
  // long as it is there, the response leaves by it (Received::flow), whatever stands here. Port 0:
  // then there is no way.
  NetworkAddress destination;
  bool add_received =
      false;  // the Via's host is not the address that the request came from, or the client asked
  bool fill_rport = false;
};

// nullopt when the Via leads nowhere: its maddr is a name, which would have to be resolved first.
[[nodiscard]] std::optional<ResponseRoute> response_route(const Via& top_via,
                                                          const Received& received);

}  // namespace sipring
