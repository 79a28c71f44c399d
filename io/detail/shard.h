// Shard: one thread that owns everything it touches: its heap, ring, receive buffers, engine and
// transaction user are made, used and destroyed by it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/shard/steering.h>
#include <sipring/io/detail/loop.h>
#include <sipring/io/detail/roster.h>
#include <sipring/io/metrics.h>
#include <sipring/io/open_error.h>
#include <sipring/io/options.h>
#include <sipring/io/post/bells.h>
#include <sipring/io/post/mailboxes.h>
#include <sipring/io/published.h>
#include <sipring/io/stream/socket.h>
#include <sipring/io/tls/ticket_key_chain.h>
#include <sipring/io/transaction_user.h>
#include <sipring/io/udp/change.h>
#include <sipring/io/udp/socket.h>

#include <cstdint>
#include <expected>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sipring {

// What the shards of a server share. Constant once they have started, but for what
// io/detail/roster.h and io/post/mailboxes.h let through, and for the latches.
struct Common {
  Common(const ServerOptions& its_options, std::uint32_t shards, const Entropy& its_entropy,
         TransactionUserFactory its_factory);

  const ServerOptions options;
  const Entropy entropy;
  const HashSeed steering_seed;
  const std::uint32_t server_mark;
  const UpgradePolicy upgrade;  // of WebSockets
  const TicketSecret ticket_secret;
  const Instant start;
  TransactionUserFactory factory;
  std::vector<Listener> listeners;  // the server's user's, once the shards have started
  std::vector<std::uint32_t> listener_generations;  // by slot; of the last one that had it
  ListenerChange change;
  Mailboxes mailboxes;
  Roster roster;
  std::vector<WakeTarget> wake_targets;               // each shard writes its own before `started`
  std::vector<std::optional<OpenError>> open_errors;  // as well
  std::vector<std::optional<std::string>> notices;    // as well
  std::latch started;                                 // all shards and the starter
  std::latch ended;  // all shards: until then letters may point into a shard's buffers

  [[nodiscard]] bool failed() const;
};

[[nodiscard]] UdpOptions udp_options(const ServerOptions& options);
// Which listener, what is wrong, and what to do about it.
[[nodiscard]] OpenError tls_error(const NetworkAddress& listener, const TlsFailure& failure);
// Whether a shard could show these.
[[nodiscard]] std::expected<void, OpenError> check_listener_tls(const NetworkAddress& listener,
                                                                const ListenerTls& tls);

class Shard {
 public:
  // What it listens with, in the order of the listeners that it is for.
  struct Sockets {
    std::vector<UdpSocket> udp;  // then one for each trunk
    std::vector<StreamSocket> streams;
  };
  // `cpu` nullopt: not pinned.
  Shard(Common& common, std::uint32_t index, std::optional<int> cpu, Sockets sockets);
  ~Shard();  // it has been joined
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  void start();  // the thread; errors are in Common once `started` has come
  void join();
  // Any thread's, and a signal handler's.
  void stop() noexcept;
  void wake() noexcept;  // it looks at the roster
  [[nodiscard]] Metrics metrics() const { return published_.read(); }
  // Constant once started.
  [[nodiscard]] const UringFeatures& features() const { return features_; }

 private:
  struct Parts;
  void body();
  void give_up(OpenError error);
  std::expected<std::unique_ptr<Parts>, OpenError> prepare();
  std::expected<void, OpenError> open_ring(Parts& parts);
  void make_user(Parts& parts);
  void open_ports(Parts& parts);
  std::expected<void, OpenError> open_streams(Parts& parts);
  std::expected<void, OpenError> show_certificates(Parts& parts, std::uint32_t listener);
  void make_loop(Parts& parts);
  std::expected<void, OpenError> place() const;

  Common& common_;
  std::uint32_t index_;
  std::optional<int> cpu_;
  Sockets sockets_;
  int event_fd_ = -1;
  UringFeatures features_;
  Published<Metrics> published_;
  std::thread thread_;
};

}  // namespace sipring
