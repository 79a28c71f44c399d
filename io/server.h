// Server: shards on their own threads, listening. What an embedder includes who wants our event
// loop.
//
//   auto server = Server::start({.listeners = {address}}, [](ShardContext&) { return
//   std::make_unique<MyUser>(); }); if (!server) ... server.error().text ...
//   (*server)->join();   // until stop(), which a signal handler may call
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/metrics.h>
#include <sipring/io/open_error.h>
#include <sipring/io/options.h>
#include <sipring/io/transaction_user.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace sipring {

class Shard;
class UdpSocket;
struct Common;

class Server {
 public:
  // Binds the listeners, starts the shards, and returns when all of them run or one could not.
  [[nodiscard]] static std::expected<std::unique_ptr<Server>, OpenError> start(
      const ServerOptions& options, TransactionUserFactory factory);
  ~Server();  // stops and joins
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Any thread's, and a signal handler's. What has been put out is sent; nothing more is received.
  void stop() noexcept;
  void join();

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
  std::expected<void, OpenError> start_shards(std::uint32_t count,
                                              std::vector<std::vector<UdpSocket>> sockets);
  void add_feature_notices();

  std::unique_ptr<Common> common_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::string> notices_;
};

}  // namespace sipring
