// What an embedder chooses about the shards of a server. The defaults are meant to be right.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/limits.h>
#include <sipring/core/engine.h>
#include <sipring/core/network_address.h>
#include <sipring/core/overload/turn_budget.h>
#include <sipring/core/time.h>
#include <sipring/io/name_options.h>
#include <sipring/io/tls_options.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sipring {

// Parts of io_uring to do without, each with its fallback. True: used when the kernel has it.
struct UringFeatures {
  bool deferred_task_work = true;  // Linux 6.1;  else completions interrupt the shard
  bool multishot_receive = true;   // Linux 6.0;  else poll and recvmmsg
  bool message_ring = true;        // Linux 5.18; else shards wake each other by eventfd
  bool minimum_wait = true;        // Linux 6.12; else batching by time is left out
  friend bool operator==(const UringFeatures&, const UringFeatures&) = default;
};

// Fewer wake-ups below saturation: a shard sleeps until so many completions are there, or at least
// one after this time; timers wait as long. Costs up to that much delay. Needs Linux 6.12; left out
// with a notice where the kernel has it not.
struct Batching {
  std::uint32_t completions = 32;
  Duration at_most = std::chrono::microseconds(500);
};

// How a datagram comes to the shard that owns its call; results are the same.
enum class Steer : std::uint8_t {
  automatic,  // by the kernel where the process may load its program (CAP_BPF), else by hand-over
  kernel,     // without it the server does not start
  hand_over,  // wherever the kernel puts it, and from there to its owner
};

// Of the sockets of TCP connections.
struct StreamSocketOptions {
  std::uint32_t backlog = 4'096;  // connections that the kernel keeps until they are accepted
  // A peer that has said nothing for so long is asked whether it is still there.
  Duration keep_alive = std::chrono::seconds(60);
  // What has been sent and not acknowledged for so long ends the connection (TCP_USER_TIMEOUT).
  Duration user_timeout = std::chrono::seconds(30);
  std::uint8_t traffic_class = 0;  // the octet of DSCP and ECN
};

// The opening handshake of WebSockets that we open (RFC 6455 section 4.1); at most 200 octets each.
struct ClientWebSocket {
  std::string resource = "/";
  std::string origin;  // empty: none is told, as by what is no browser
};

struct ShardOptions {
  std::uint32_t receive_buffers =
      512;                   // a power of two; 66 KB of address space each, touched as needed
  std::uint32_t turn = 256;  // completions handled between two flushes
  std::uint32_t hand_over = 1'024;  // datagrams on their way to one other shard
  std::uint32_t errands = 1'024;    // of other threads, that wait (Server::post)
  std::uint32_t socket_receive_bytes = 4 << 20;
  std::uint32_t socket_send_bytes = 4 << 20;
  // Datagrams of one size that a turn sends to one peer go in one piece (UDP_SEGMENT). Those of one
  // transaction, and requests with one Call-ID, keep their order; others may overtake each other.
  bool segments = true;
  bool pin = true;  // shard i runs on the i-th CPU that the process may use, from first_cpu on
  std::uint32_t first_cpu = 0;
  std::vector<std::uint32_t> cpus;  // shard i runs on the i-th of these, counted round; else pin
  std::optional<int> nice;          // nice level of each shard's thread, -20 to 19
  // All of its memory is touched when a shard starts, so that no message waits for the kernel to
  // clear a page: what `sipring capacity` names is then resident from the first second on, but for
  // the later pages of receive buffers.
  bool prefault = false;
  bool numa = false;  // memory from the NUMA node of the shard's CPU alone; the shard is pinned
  Steer steer = Steer::automatic;
  std::optional<Batching> batching;
  TurnLimits turn_limits;              // when a shard is overloaded
  ConnectionLimits connections;        // of each shard
  std::uint32_t stream_buffers = 256;  // of 16 KB, a power of two: what connections receive into
  StreamSocketOptions streams;
  // Flows that are kept alive at once, where FlowSettings::offers_keep_alives is set.
  std::uint32_t keep_alives = 1'024;
  // Memory of TLS records that have not left; taken with the first connection that speaks TLS.
  std::size_t tls_record_bytes = 16 * std::size_t{1024 * 1024};
  UringFeatures features;
};

// A peer with so much traffic that it gets a socket of its own at the address of a listener, on
// each shard. The socket is connected, so that sends look up no route.
struct Trunk {
  NetworkAddress peer;
  std::uint32_t listener = 0;  // its index; of the peer's address family
};

struct ServerOptions {
  // Of any transport; port 0: the kernel chooses.
  std::vector<NetworkAddress> listeners;
  // Those of them, by index, whose connections begin with a PROXY header (haproxy's
  // proxy-protocol.txt, version 2), which says who the peer is. Anybody can write one: for where
  // only a proxy connects.
  std::vector<std::uint32_t> proxied;
  bool only_connects = false;  // there need be no listener: all goes by connections that we open
  std::vector<Trunk> trunks;
  std::vector<ListenerTls> tls;  // one for each listener of TLS or secure WebSockets
  ClientTls client_tls;          // of connections that we open
  ClientWebSocket client_websocket;
  std::uint32_t shards = 0;  // 0: one for each CPU that the process may use
  Settings settings;         // `mark` is filled in; `server` must stay until start() returns
  ShardOptions shard;
  // With it each shard has a Sender (ShardContext::sender): requests by URI, over as many targets
  // as that leads to.
  std::optional<NameOptions> names;
  std::optional<Entropy>
      entropy;  // default: from the kernel. A fixed one makes the run repeatable, and forgeable
};

}  // namespace sipring
