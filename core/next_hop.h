// NextHop: where a proxy passes a request on to (RFC 3261 section 16.6 items 7 to 10).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>

#include <string_view>

namespace sipring {

struct NextHop {
  NetworkAddress destination;     // resolved: core asks no DNS
  Flow flow = {};                 // the listener or connection to send from
  std::string_view sent_by = {};  // of our Via: "host" or "host:port" that reaches this flow
};

}  // namespace sipring
