// Server: shards on their own threads, listening. What an embedder includes who wants our event
// loop.
//
//   auto server = Server::start({.listeners = {address}}, [](ShardContext&) { return
//   std::make_unique<MyUser>(); }); if (!server) ... server.error().text ...
//   (*server)->join();   // until stop(), which a signal handler may call
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/shard/phase.h>
#include <sipring/io/errand.h>
#include <sipring/io/metrics.h>
#include <sipring/io/open_error.h>
#include <sipring/io/options.h>
#include <sipring/io/transaction_user.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipring {

class KernelSteering;
class Shard;
class StreamSocket;
class UdpSocket;
struct Common;
struct ListenerChange;

// What a person who debugs wants to know of a stream connection.
struct ConnectionInfo {
  std::uint32_t shard = 0;
  NetworkAddress peer;
  Flow listener;           // null: we have opened it
  std::string_view state;  // "connecting", "handshaking", "open", "closing" ...
  Duration age{};
  Duration idle{};                            // since the peer was heard
  std::uint64_t bytes_in = 0, bytes_out = 0;  // on the wire
};

// The octets that a stream connection which is idle takes, the kernel's apart.
struct ConnectionMemory {
  std::size_t connection = 0;  // core's: its slot, the index that finds it, its timer
  std::size_t socket = 0;      // io's
  std::size_t tls = 0;         // the same
  std::size_t openssl = 0;     // OpenSSL's heap, as measured; 0 without TLS
  // Besides, from octets that come or go until it has been idle for a second.
  std::size_t openssl_buffers = 0;
  [[nodiscard]] std::size_t idle() const { return connection + socket + tls + openssl; }
};

class Server {
 public:
  // Of a server whose options do not say it: one for each CPU that the process may use.
  [[nodiscard]] static std::uint32_t default_shards();

  // Binds the listeners, starts the shards, and returns when all of them run or one could not.
  [[nodiscard]] static std::expected<std::unique_ptr<Server>, OpenError> start(
      const ServerOptions& options, TransactionUserFactory factory);
  ~Server();  // stops and joins
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Any thread's, and a signal handler's. What has been put out is sent; nothing more is received.
  void stop() noexcept;
  void join();

  // An end in order, by the thread that drains shards: each shard's user hears on_finish(), which
  // ends its calls and refuses new ones. Returns at once; stop() then, when has_finished() or when
  // that takes too long.
  void finish();
  [[nodiscard]] bool has_finished() const;
  // All of it: stopped and joined after `patience` at most. False: something was still going on.
  bool stop(Duration patience);

  // Listeners that come and go while calls go on; by the thread that drains and stops shards, if
  // any, and by no signal handler. Both return when all shards have done it.
  //
  // Port 0: the kernel chooses. `tls` is for TLS and secure WebSockets. The error says why not: the
  // address, its certificates, too many of them, or a server that is stopping.
  // `is_proxied`: as in ServerOptions::proxied.
  [[nodiscard]] std::expected<Listener, OpenError> listen(const NetworkAddress& address,
                                                          const ListenerTls& tls = {},
                                                          bool is_proxied = false);
  // Other certificates for a listener; connections that there are keep theirs. What cannot be used
  // is refused, and the old ones stay.
  [[nodiscard]] std::expected<void, OpenError> renew(Flow listener, const ListenerTls& tls);
  // The stream connections that there are, of each shard so many at most; called as listen() is.
  // Empty when the server is stopping.
  [[nodiscard]] std::vector<ConnectionInfo> connections(std::uint32_t of_each_shard = 1'000);
  // Of a connection by this transport that a server accepts; TLS is tried out for it, which takes a
  // tenth of a second. A message that is not whole holds a buffer of its size besides. nullopt: TLS
  // cannot be measured, because something in this process has used OpenSSL before.
  [[nodiscard]] static std::optional<ConnectionMemory> connection_memory(Transport transport);
  // What still wants to leave by it has failed (RFC 3261 section 17.1.4), and its trunks are gone
  // with it. False: there is no such listener, or the server is stopping.
  [[nodiscard]] bool close(Flow listener);

  // What other threads want done, each errand on a shard's thread, between two messages, in the
  // order of one poster. Any thread's, without a lock, but no signal handler's. An errand that is
  // taken runs; or it is destroyed with the server, where its shard ends before.
  std::expected<void, PostError> post(std::uint32_t shard, Errand errand);
  // The same on a shard that serves and has room for it, one after the other.
  std::expected<void, PostError> post(Errand errand);

  // Shards one at a time; by one thread at a time, and by no signal handler.
  //
  // Calls that begin from now on have another home; what has begun on the shard goes on there.
  // Returns at once.
  std::expected<void, DrainError> drain(std::uint32_t shard);
  // Drains the shard, waits for `patience` at most until nothing goes on there, and stops it. No
  // datagram is lost; transactions that are still alive end without a word, and their calls' later
  // requests go to the new home. Its memory is given back, its snapshot stays.
  std::expected<void, DrainError> stop(std::uint32_t shard, Duration patience);
  [[nodiscard]] ShardPhase phase(std::uint32_t shard) const;
  // Whether nothing is going on any more on a shard that drains.
  [[nodiscard]] bool is_drained(std::uint32_t shard) const;
  // False: by hand-over alone.
  [[nodiscard]] bool is_steered_by_kernel() const { return kernel_steering_ != nullptr; }

  [[nodiscard]] std::span<const Listener> listeners() const;
  [[nodiscard]] std::uint32_t shards() const;
  // At most 50 ms old while the shard is busy, exact after join(). Any thread's; the shard is not
  // disturbed.
  [[nodiscard]] Metrics metrics(std::uint32_t shard) const;
  [[nodiscard]] Metrics metrics() const;  // the sum
  // What the kernel has and the options allow.
  [[nodiscard]] const UringFeatures& features() const;
  // Lines that a person who runs this should see: small socket buffers, features that are missing.
  [[nodiscard]] std::span<const std::string> notices() const { return notices_; }

 private:
  Server();
  std::expected<void, OpenError> open_listeners(std::vector<std::vector<UdpSocket>>& sockets,
                                                std::vector<std::vector<StreamSocket>>& streams);
  // Where it is bound; one socket more for each shard.
  std::expected<NetworkAddress, OpenError> open_datagram(
      const NetworkAddress& address, std::uint32_t count,
      std::vector<std::vector<UdpSocket>>& sockets);
  std::expected<NetworkAddress, OpenError> open_stream(
      const NetworkAddress& address, std::uint32_t count,
      std::vector<std::vector<StreamSocket>>& sockets);
  std::expected<void, OpenError> start_shards(std::vector<std::vector<UdpSocket>> sockets,
                                              std::vector<std::vector<StreamSocket>> streams);
  std::expected<void, OpenError> steer(const std::vector<std::vector<UdpSocket>>& sockets);
  void add_feature_notices();
  [[nodiscard]] std::optional<Flow> free_flow() const;
  std::expected<void, OpenError> open_stream(std::span<const std::uint32_t> running,
                                             ListenerChange& change);
  std::expected<void, OpenError> open_datagram(std::span<const std::uint32_t> running,
                                               ListenerChange& change);
  bool change_listeners(ListenerChange&& change);
  std::expected<void, PostError> give(std::uint32_t shard, Errand& errand);
  std::uint32_t tell_shards();
  bool wait_until_all_obey(std::uint32_t change) const;

  std::unique_ptr<Common> common_;
  std::unique_ptr<KernelSteering> kernel_steering_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::string> notices_;
  bool finishes_ = false;
};

}  // namespace sipring
