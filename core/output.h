// What an engine wants done or known: octets to send, messages and events for the transaction user
// (RFC 3261 section 17).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/envelope.h>
#include <sipring/core/message/message.h>
#include <sipring/core/received.h>
#include <sipring/core/transaction/status.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/handle.h>

#include <cstdint>
#include <variant>

namespace sipring {

struct Transaction;

// For io: send these octets. The Ref keeps them until the kernel is done with them. When they
// cannot be sent, Engine::transmit_failed() wants to know, once all outputs are taken.
struct Transmit {
  Ref<Buffer> bytes;
  NetworkAddress
      destination;  // of a flow that is a connection: for when that is gone; port 0: nowhere
  Flow flow;
  // Those of one transaction, and requests with one Call-ID, have the same number: they are to
  // leave in the order in which they came. Others may overtake each other within a turn.
  std::uint32_t lane = 0;
  Handle<Transaction> transaction = {};  // null: of none, nobody waits for word of it
};

// A new request. `message`, `envelope` and `received` are valid until the next receive() or
// advance(). An ACK for a 2xx has a null transaction and takes no response; every other request has
// a Request-URI that can be read (`envelope->request_uri`), and it
// must be answered through its transaction: an INVITE that never is stays in the pool. One that is
// not answered before all outputs are taken is copied then; if no buffer is left for that, the
// engine answers it with 503 and the handle is stale (Terminated tells, where something is
// attached).
struct RequestReceived {
  Handle<Transaction> transaction;
  const Message* message = nullptr;
  const Envelope* envelope = nullptr;  // what of it has been parsed already
  const Received* received = nullptr;
};

// A response for a request that we sent. Same lifetime. `attached` is what was attached to the
// transaction.
struct ResponseReceived {
  Handle<Transaction> transaction;
  const Message* message = nullptr;
  const Envelope* envelope = nullptr;
  const Received* received = nullptr;
  std::uint64_t attached = 0;
};

// A CANCEL came for an INVITE that has no final response yet (section 9.2). The CANCEL has been
// answered with 200; the user answers the INVITE, with 487 as a rule.
struct Cancelled {
  Handle<Transaction> invite;
  std::uint64_t attached = 0;
};

// Timer B or F: no final response. Timer H: no ACK for a final response. A non-INVITE request that
// was never answered. The handle is stale now.
struct TimedOut {
  Handle<Transaction> transaction;
  std::uint64_t attached = 0;
  TransactionKind kind = TransactionKind::server;
  State state = State::trying;  // it ended in
};

// The transport could not deliver (section 17.1.4, 17.2.4).
struct TransportFailed {
  Handle<Transaction> transaction;
  std::uint64_t attached = 0;
  TransactionKind kind = TransactionKind::server;
  State state = State::trying;  // it was in; `completed` of an INVITE client: its ACK is lost
};

// The transaction is gone; its handle is stale. Told only when something is attached to it
// (`attached` is not 0).
struct Terminated {
  Handle<Transaction> transaction;
  std::uint64_t attached = 0;
  EndReason reason = EndReason::done;
  State state = State::trying;  // it ended in
};

// Timer C of an INVITE that a proxy sent (Engine::set_timer_c). The engine sends the CANCEL; what
// follows is a final response, a 487 as a rule, or TimedOut 64*T1 from now (sections 16.8, 9.1).
struct TimerCFired {
  Handle<Transaction> invite;
  std::uint64_t attached = 0;
};

using Output = std::variant<Transmit, RequestReceived, ResponseReceived, Cancelled, TimedOut,
                            TransportFailed, Terminated, TimerCFired>;

// The status that an output is to whoever sent the request: a response's own, 408 for TimedOut and
// 503 for TransportFailed of a client transaction (section 8.1.3.1; of a proxy, 16.8 and 16.9). 0
// for all else: outputs of server transactions, and word that the ACK for an earlier status was
// lost.
[[nodiscard]] std::uint16_t status_of(const Output& output);

}  // namespace sipring
