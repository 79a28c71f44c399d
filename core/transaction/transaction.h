// One transaction, of any of the four kinds: RFC 3261 section 17.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/key.h>
#include <sipring/core/transaction/state.h>
#include <sipring/core/transaction/timers.h>
#include <sipring/pools/buffer.h>

#include <cstdint>

namespace sipring {

struct Transaction {
  enum class Kind : std::uint8_t { invite_client, invite_server, client, server };

  TransactionKey key = {};
  // Client: what we sent. Server: what came, its top Via stamped, from the end of the drain until
  // the final response.
  Ref<Buffer> request = {};
  Ref<Buffer> reply = {};    // client: the ACK for a 300 to 699. server: the last response
  NetworkAddress peer = {};  // where we send to
  Flow flow = {};
  std::uint32_t source = ~0U;  // server: of core/overload/sources.h, where it is counted
  std::uint64_t user = 0;
  Duration interval{};  // of the running retransmission timer
  StateTimers running = {};
  Kind kind = Kind::server;
  State state = State::trying;
  bool answered = false;       // server: the final response has gone
  bool cancel_wanted = false;  // INVITE client: CANCEL as soon as a provisional has come
  bool cancelled = false;  // INVITE client: the CANCEL has gone out. INVITE server: one has come
  bool quiet = false;      // a CANCEL: its user is the engine, nobody is told of its outcome

  [[nodiscard]] bool is_invite() const {
    return kind == Kind::invite_client || kind == Kind::invite_server;
  }
  [[nodiscard]] bool is_server() const {
    return kind == Kind::server || kind == Kind::invite_server;
  }
};

}  // namespace sipring
