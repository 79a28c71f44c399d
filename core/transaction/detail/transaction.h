// One transaction, of any of the four kinds: RFC 3261 section 17.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/detail/key.h>
#include <sipring/core/transaction/detail/state.h>
#include <sipring/core/transaction/status.h>
#include <sipring/core/transaction/timers.h>
#include <sipring/pools/buffer.h>

#include <chrono>
#include <cstdint>

namespace sipring {

struct Transaction {
  using Kind = TransactionKind;

  // Of a response that is not kept: what it is written from, beside its request.
  struct Rewritten {
    std::uint16_t status : 10;
    std::uint16_t block : 6;  // core/detail/prepared_blocks.h
  };
  union OfKind {
    std::chrono::duration<std::uint16_t> timer_c{};  // INVITE client of a proxy; 0: never runs
    Rewritten rewritten;                             // where `is_rewritten`
  };

  TransactionKey key = {};
  // Client: what we sent, while it may have to be sent again, acknowledged or cancelled. Server:
  // what came, its top Via stamped, once all outputs are taken until the final response.
  Ref<Buffer> request = {};
  // Client: the ACK for a 300 to 699. Server: the last response; none where it is rewritten.
  Ref<Buffer> reply = {};
  NetworkAddress peer = {};  // where we send to
  Flow flow = {};
  std::uint64_t attached = 0;
  std::uint64_t merge_key = 0;  // server: what merged_requests.h finds it by; 0: nothing
  StateTimers running = {};
  Kind kind = Kind::server;
  State state = State::trying;
  Beginning created = {};
  OfKind of_kind = {};
  bool answered : 1 = false;       // server: the final response has gone
  bool cancel_wanted : 1 = false;  // INVITE client: CANCEL as soon as a provisional has come
  bool cancelled : 1 = false;  // INVITE client: a CANCEL has gone out. INVITE server: one has come
  bool quiet : 1 = false;      // a CANCEL: its user is the engine, nobody is told of its outcome
  // Server of another request than INVITE: each retransmission has all that the final response is
  // written from, so it is not kept.
  bool is_rewritten : 1 = false;
  std::uint8_t retransmissions = 0;  // by the running retransmission timer
  std::uint32_t source = ~0U;  // server: of core/overload/detail/sources.h, where it is counted

  [[nodiscard]] bool is_invite() const {
    return kind == Kind::invite_client || kind == Kind::invite_server;
  }
  [[nodiscard]] bool is_server() const {
    return kind == Kind::server || kind == Kind::invite_server;
  }
};
static_assert(sizeof(Transaction) == 96);  // a member in the wrong place costs eight octets more

}  // namespace sipring
