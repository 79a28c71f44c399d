// What connections want done or known: sockets opened and closed, messages that have come, messages
// that will not arrive.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/counters.h>
#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>
#include <sipring/core/received.h>
#include <sipring/pools/handle.h>

#include <variant>

namespace sipring {

struct Transaction;

// Connect to the peer; then opened() or failed().
struct OpenConnection {
  Flow flow;
  NetworkAddress peer;
};
// Nothing more will be written: say so to the peer, and go on reading until it says so, too.
struct ShutConnection {
  Flow flow;
};
// Give its descriptor up, whatever is in the kernel's hands; then ended().
struct EndConnection {
  Flow flow;
  NetworkAddress peer;
  CloseReason reason = CloseReason::local;
};
// What was to be sent has not left, or not wholly.
struct Undelivered {
  Handle<Transaction> transaction;
};
// The answer to a keep-alive of ours (RFC 5626 section 4.4.1).
struct Pong {
  Flow flow;
};

using ConnectionOutput =
    std::variant<OpenConnection, ShutConnection, EndConnection, Undelivered, Pong, Received>;

}  // namespace sipring
