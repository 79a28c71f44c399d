// What an engine wants done or known: octets to send, messages and events for the transaction user
// (RFC 3261 section 17).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/envelope.h>
#include <sipring/core/message/message.h>
#include <sipring/core/network_address.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/handle.h>

#include <cstdint>
#include <variant>

namespace sipring {

struct Transaction;

// For io: send these octets. The Ref keeps them until the kernel is done with them.
struct Transmit {
  Ref<Buffer> bytes;
  NetworkAddress destination;
  Flow flow;
};

// A new request. `message`, `envelope` and `datagram` are valid until the next receive() or
// advance(). An ACK for a 2xx has a null transaction and takes no response; every other request
// must be answered through its transaction: an INVITE that never is stays in the pool. One that is
// not answered before the drain ends is copied then; if no buffer is left for that, the engine
// answers it with 503 and the handle is stale (Terminated tells, where something is attached).
struct RequestReceived {
  Handle<Transaction> transaction;
  const Message* message = nullptr;
  const Envelope* envelope = nullptr;  // what of it has been parsed already
  const Datagram* datagram = nullptr;
};

// A response for a request that we sent. Same lifetime. `user` is what was attached to the
// transaction.
struct ResponseReceived {
  Handle<Transaction> transaction;
  const Message* message = nullptr;
  const Envelope* envelope = nullptr;
  const Datagram* datagram = nullptr;
  std::uint64_t user = 0;
};

// A CANCEL came for an INVITE that has no final response yet (section 9.2). The CANCEL has been
// answered with 200; the user answers the INVITE, with 487 as a rule.
struct Cancelled {
  Handle<Transaction> invite;
  std::uint64_t user = 0;
};

// Timer B or F: no final response. Timer H: no ACK for a final response. The handle is stale now.
struct TimedOut {
  Handle<Transaction> transaction;
  std::uint64_t user = 0;
};

// The transport could not deliver (section 17.1.4, 17.2.4).
struct TransportFailed {
  Handle<Transaction> transaction;
  std::uint64_t user = 0;
};

// The transaction is gone; its handle is stale. Told only when something is attached to it (user !=
// 0).
struct Terminated {
  Handle<Transaction> transaction;
  std::uint64_t user = 0;
};

using Output = std::variant<Transmit, RequestReceived, ResponseReceived, Cancelled, TimedOut,
                            TransportFailed, Terminated>;

}  // namespace sipring
