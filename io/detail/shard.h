// Shard: one thread that owns everything it touches: its heap, ring, receive buffers, engine and
// transaction user are made, used and destroyed by it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/detail/common.h>
#include <sipring/io/detail/loop.h>
#include <sipring/io/metrics.h>
#include <sipring/io/open_error.h>
#include <sipring/io/options.h>
#include <sipring/io/published.h>
#include <sipring/io/stream/socket.h>
#include <sipring/io/transaction_user.h>
#include <sipring/io/udp/socket.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sipring {

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
