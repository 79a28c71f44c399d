// ListenerChange: a listener that a running server opens, closes or gives new certificates, on its
// way from the server's user to the shards. Written before the roster publishes the change whose
// number it has, and not written again until all shards have acknowledged that.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/server.h>
#include <sipring/io/stream/socket.h>
#include <sipring/io/tls_options.h>
#include <sipring/io/transaction_user.h>
#include <sipring/io/udp/socket.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace sipring {

struct ListenerChange {
  std::uint32_t change = 0;  // of the roster; 0: there has been none
  Listener listener;
  enum class Kind : std::uint8_t {
    open,
    close,
    renew,
    look,  // of none: the shards write down their connections
  };
  Kind kind = Kind::close;
  // By shard, which takes its own; of a datagram's listener or of a stream's.
  std::vector<std::optional<UdpSocket>> sockets;
  std::vector<std::optional<StreamSocket>> streams;
  ListenerTls tls = {};  // of one for TLS
  bool is_proxied = false;
  std::uint32_t most_connections = 0;
  std::vector<std::vector<ConnectionInfo>> connections = {};  // by shard, which writes its own
};

}  // namespace sipring
