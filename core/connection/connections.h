// Connections: the stream connections of one shard (RFC 3261 section 18), without sockets, clock or
// cryptography.
//
//   connections.receive(now, flow, octets);
//   while (std::optional<ConnectionOutput> output = connections.next_output()) ...
//   while (std::optional<Flow> flow = connections.next_write()) ...   // once a turn: gather, send
//
// After each input take outputs until there are none: a message points into the octets that came,
// or into memory that lasts until the next call. A flow that is stale is no news, whatever is told
// of it.
//
// A request finds its connection by its target (ConnectionTarget), or opens one; while that is
// not open it waits there. A response leaves by the connection that brought its request, else by
// one to its destination, which is the second choice of section 18.2.2.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/counters.h>
#include <sipring/core/connection/detail/backoff.h>
#include <sipring/core/connection/detail/connection.h>
#include <sipring/core/connection/detail/peer_identities.h>
#include <sipring/core/connection/detail/send_queues.h>
#include <sipring/core/connection/detail/source_limits.h>
#include <sipring/core/connection/limits.h>
#include <sipring/core/connection/output.h>
#include <sipring/core/entropy.h>
#include <sipring/core/output.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/pools/detail/ring.h>
#include <sipring/pools/pool.h>
#include <sipring/pools/table.h>

#include <cstdint>
#include <expected>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// What a request wants a connection to, and by which one that is there is found again (RFC 3261
// section 18.1.1, RFC 5923).
struct ConnectionTarget {
  NetworkAddress peer;
  // The host of the URI: whom TLS verifies (RFC 5922 section 4), and the Host of a WebSocket's
  // opening handshake. Empty: nobody in particular.
  std::string_view domain = {};
  std::uint32_t number = 0;  // of several side by side
};

class Connections {
 public:
  struct Settings {
    std::uint32_t shard = 0;
    ConnectionLimits limits;
    // Of WebSockets that we open (RFC 6455 section 4.1). The texts outlive this.
    Sha1 sha1 = nullptr;
    std::string_view resource = "/";
    std::string_view origin = {};
  };
  Connections(const Settings& settings, const Entropy& entropy, std::pmr::memory_resource& memory);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // A peer has connected. Its flow, or why its descriptor is to be closed at once.
  struct Arrival {
    NetworkAddress peer;
    Flow listener;
    const UpgradePolicy* upgrade = nullptr;  // of a WebSocket's listener
    bool is_proxied = false;                 // a PROXY header comes first
  };
  [[nodiscard]] std::expected<Flow, AcceptRefusal> accept(Instant now, const Arrival& arrival);

  // What became of an OpenConnection.
  void opened(Instant now, Flow flow);
  // TLS is there; octets are plain from now on.
  void secured(Instant now, Flow flow);
  // The network or TLS says that it is of no use any more.
  void failed(Instant now, Flow flow, CloseReason reason);
  // The peer says no more.
  void closed(Instant now, Flow flow);
  // The answer to an EndConnection: nothing of it is in the kernel's hands.
  void ended(Instant now, Flow flow);
  // We end it.
  void close(Instant now, Flow flow, CloseReason reason = CloseReason::local);

  // The octets change, and are followed by readable_padding readable ones.
  void receive(Instant now, Flow flow, std::span<char> octets);

  // The connection to this target, which is opened if there is none: a flow for requests, which
  // leave by it as soon as it is open, and fail when it does.
  [[nodiscard]] std::expected<Flow, StreamSendError> towards(Instant now,
                                                             const ConnectionTarget& target);
  // Whether what is sent to this flow can leave by it.
  [[nodiscard]] bool carries(Flow flow) const;
  // Its peer does not read what it is answered: nothing of it is to be received until it has, or
  // answers would find no room. TCP makes it wait meanwhile; ConnectionLimits::write_progress ends
  // it.
  [[nodiscard]] bool is_backed_up(Flow flow) const {
    const Connection* const connection = find(flow);
    return connection != nullptr && is_backed_up(*connection);
  }
  // What is taken leaves, or comes back as Undelivered.
  [[nodiscard]] std::expected<void, StreamSendError> send(Instant now, Transmit&& message);
  // Requests to `alias` leave by this connection from now on, which the peer opened (RFC 5923; what
  // it may be is for core/outbound/alias.h to say). Of a peer with a certificate: to those domains
  // that this speaks for. One alias a connection, that address which its end advertises; false: it
  // has one, or there is a connection to that address, or none with this flow that is open.
  bool add_alias(Flow flow, const NetworkAddress& alias);
  // The same of a peer that somebody answers for (section 9.3): to this target alone.
  bool trust_alias(Flow flow, const ConnectionTarget& alias);
  // Who knows the certificates of peers; outlives this. Without it no alias of the first kind is
  // found.
  void ask(const PeerIdentities& identities) { identities_ = &identities; }
  // A connection that has something to write and nothing in the kernel's hands, once each; its
  // pieces stay where they are until sent(), and all of them count as being there.
  [[nodiscard]] std::optional<Flow> next_write();
  [[nodiscard]] std::size_t gather(Instant now, Flow flow, std::span<std::string_view> pieces);
  void sent(Instant now, Flow flow, std::size_t octets);

  void advance(Instant now);
  [[nodiscard]] Instant next_deadline() const { return timers_.next_deadline(); }
  [[nodiscard]] std::optional<ConnectionOutput> next_output();

  [[nodiscard]] const Connection* find(Flow flow) const;
  // These octets in a buffer of ours; null when there is no room.
  [[nodiscard]] Ref<Buffer> copy(std::string_view octets) { return buffers_.copy(octets); }
  [[nodiscard]] std::uint32_t shard() const { return shard_; }
  [[nodiscard]] const ConnectionCounters& counters() const { return counters_; }
  [[nodiscard]] std::uint32_t size() const { return connections_.size(); }
  [[nodiscard]] std::uint32_t waiting_sends() const { return queues_.size(); }
  [[nodiscard]] std::uint32_t partials() const { return buffers_.size(); }
  // Each connection from the first slot on, to `look(connection)`.
  template <class Look>
  void each(Look&& look) {
    for (std::uint32_t slot = 0; slot < connections_.highest(); ++slot)
      if (const Connection* connection = connections_.live(slot)) look(*connection);
  }
  [[nodiscard]] static std::size_t memory_needs(const ConnectionLimits& limits);

 private:
  using State = ConnectionState;
  using Event = ConnectionEvent;

  [[nodiscard]] Connection* find(Flow flow);
  [[nodiscard]] Connection* make(const NetworkAddress& peer, Flow listener);
  void begin_stream(Connection& connection);
  void begin_plain(Connection& connection);
  void apply(Connection& connection, Event event);
  void enter(Connection& connection, State state);
  void finish(Connection& connection);
  void shut(Connection& connection, CloseReason reason);
  void fail(Connection& connection, CloseReason reason);
  void end_handshake(Connection& connection);
  void forget_target(Connection& connection);
  void offended(const Connection& connection);
  void tell(Connection& connection);
  [[nodiscard]] std::optional<ConnectionOutput> news_of(Connection& connection);
  void release(Connection& connection);

  // connections_receive.cpp
  [[nodiscard]] std::optional<ConnectionOutput> next_message();
  [[nodiscard]] bool hold(Connection& connection, std::uint64_t needed);
  void consume(Connection& connection, std::uint64_t size);
  [[nodiscard]] std::optional<ConnectionOutput> take(Connection& connection,
                                                     const Framing::Step& step);
  [[nodiscard]] std::optional<Received> take_message(Connection& connection,
                                                     const Framing::Step& step);
  void take_header(Connection& connection, const ProxyHeader& header);
  [[nodiscard]] bool take_part(Connection& connection, std::span<char> payload);
  void take_mistake(Connection& connection, const Framing::Step& step);
  [[nodiscard]] Ref<Buffer> grown(Connection& connection, const Ref<Buffer>& old, std::size_t size);
  void begin_holding(Connection& connection);
  void end_holding(Connection& connection);

  // connections_send.cpp
  [[nodiscard]] std::expected<Connection*, StreamSendError> connection_towards(
      const ConnectionTarget& target);
  [[nodiscard]] Connection* find_target(std::uint64_t target);
  [[nodiscard]] Connection* find_alias(const ConnectionTarget& target);
  bool add_alias(Flow flow, std::uint64_t target);
  [[nodiscard]] std::expected<void, StreamSendError> enqueue(Connection& connection,
                                                             Transmit&& message);
  [[nodiscard]] bool frame(const Connection& connection, SendQueues::Outgoing& outgoing);
  void enqueue_text(Connection& connection, std::string_view text);
  void enqueue_control(Connection& connection, Opcode opcode, std::string_view payload);
  void enqueue_close(Connection& connection, CloseCode code);
  void enqueue_keep_alive(Connection& connection);
  void request_upgrade(Connection& connection);
  [[nodiscard]] bool is_backed_up(const Connection& connection) const;
  void mark_dirty(Connection& connection);
  void unmark_dirty(Connection& connection);
  [[nodiscard]] MaskKey draw_mask();
  [[nodiscard]] std::uint64_t draw();
  [[nodiscard]] std::uint64_t key_of(const ConnectionTarget& target) const;

  // connections_deadlines.cpp
  struct Due {
    Duration left = Duration::max();
    CloseReason reason = CloseReason::idle;
  };
  [[nodiscard]] Due due(const Connection& connection) const;
  [[nodiscard]] Due due_when_open(const Connection& connection) const;
  void on_deadline(Connection& connection);
  void read_on(Connection& connection);
  void arm(Connection& connection);

  std::uint32_t shard_;
  ConnectionLimits limits_;
  Sha1 sha1_;
  std::string_view resource_;
  std::string_view origin_;
  const PeerIdentities* identities_ = nullptr;
  HashSeed seed_;
  HashSeed draws_;
  std::uint64_t drawn_ = 0;
  Instant now_{};

  BufferPool buffers_;  // what is not whole, and what we say ourselves
  Pool<Connection> connections_;
  Table targets_;
  SendQueues queues_;
  TimerWheel timers_;
  SourceLimits sources_;
  Backoff backoff_;
  Ring<std::uint32_t> news_;
  List<Connection> holders_;  // of something that is not whole; the oldest first
  std::uint32_t first_dirty_ = SendQueues::none;
  std::uint32_t last_dirty_ = SendQueues::none;
  std::uint32_t handshakes_ = 0;

  Flow reading_;  // whose octets are being read; null: nobody's
  std::span<char> input_;
  Ref<Buffer> whole_;  // what the last message stood in
  Framing::Room room_{};
  ConnectionCounters counters_;
};

}  // namespace sipring
