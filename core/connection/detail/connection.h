// Connection: what is remembered of one stream connection. An idle one holds this and nothing else.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/counters.h>
#include <sipring/core/connection/detail/framing.h>
#include <sipring/core/connection/detail/machine.h>
#include <sipring/core/connection/detail/send_queues.h>
#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/detail/list.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct Connection {
  NetworkAddress peer;
  Flow flow;      // its own
  Flow listener;  // that accepted it, or whose address it gives
  // The keyed hash of the ConnectionTarget by which it is found: of a connection that we opened, or
  // of one with an alias. 0: it is not.
  std::uint64_t target = 0;

  Framing framing;
  Ref<Buffer> partial;  // octets of what is not whole yet
  // Of a WebSocket message that comes in parts; until it is open, the domain of its target.
  Ref<Buffer> parts;
  List<Connection>::Link link{};  // among those that hold any of the two, by age

  SendQueues::Queue queue;
  std::uint32_t previous_dirty = SendQueues::none;  // slots of the list of those with is_dirty
  std::uint32_t next_dirty = SendQueues::none;
  std::uint32_t source = 0;  // in SourceLimits

  // Until it is open; empty: nobody in particular.
  [[nodiscard]] std::string_view domain() const {
    return state < ConnectionState::open && parts ? parts->view() : std::string_view();
  }

  Instant armed = never;  // what its timer is set to
  Beginning entered;      // its state
  Beginning heard;        // octets of the peer
  Beginning partial_since;
  Beginning write_since;  // octets have been in the kernel's hands without any progress

  ConnectionState state = ConnectionState::connecting;
  CloseReason reason = CloseReason::local;  // of its end
  bool is_accepted : 1 = false;
  bool shakes : 1 = false;            // is counted among the handshakes
  bool is_dirty : 1 = false;          // in the list of those that have something to write
  bool is_writing : 1 = false;        // has octets in the kernel's hands
  bool has_spoken : 1 = false;        // a whole message has come
  bool is_holding : 1 = false;        // in the list of those with something that is not whole
  bool is_peer_done : 1 = false;      // it says no more
  bool is_shut : 1 = false;           // we have said that we write no more
  bool awaits_pong : 1 = false;       // we have sent a keep-alive
  bool writes_handshake : 1 = false;  // the first of its queue is to leave before it is open
  // What io has not been told yet; it is in the list of those with news then.
  bool has_news : 1 = false;
  bool wants_socket : 1 = false;
  bool wants_shut : 1 = false;
  bool wants_end : 1 = false;
};
static_assert(sizeof(Connection) <= 192);

}  // namespace sipring
