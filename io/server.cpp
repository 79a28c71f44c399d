// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <sipring/io/detail/kernel_steering.h>
#include <sipring/io/detail/placement.h>
#include <sipring/io/detail/shard.h>

#include <sched.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sipring {
namespace {

constexpr std::uint32_t max_shards = Homes::most_shards;  // ShardMark::shard is an octet

Entropy kernel_entropy() {
  Entropy entropy;
  // 32 octets are never interrupted and never short once the pool is up (getrandom(2)).
  [[maybe_unused]] const ssize_t size = ::getrandom(entropy.words, sizeof entropy.words, 0);
  return entropy;
}

// Each TLS listener has its certificates, and they can be used.
std::expected<void, OpenError> check_tls(const ServerOptions& options) {
  for (std::uint32_t i = 0; i < options.listeners.size(); ++i) {
    const NetworkAddress& address = options.listeners[i];
    if (!has_tls(address.transport)) continue;
    const auto tls = std::ranges::find(options.tls, i, &ListenerTls::listener);
    const ListenerTls none;
    auto checked = check_listener_tls(address, tls == options.tls.end() ? none : *tls);
    if (!checked) return checked;
  }
  return {};
}

std::expected<void, OpenError> check(const ServerOptions& options) {
  const auto wrong = [](std::string text) {
    return std::unexpected(OpenError{OpenErrorCode::options, 0, std::move(text)});
  };
  if (options.listeners.empty() && !options.only_connects) return wrong("no address to listen on");
  if (options.listeners.size() > UdpPorts::max_listeners) return wrong("more than 64 listeners");
  if (auto checked = check_tls(options); !checked) return checked;
  if (options.shards > max_shards) return wrong("more than 255 shards");
  for (const std::uint32_t proxied : options.proxied) {
    if (proxied >= options.listeners.size() || !is_reliable(options.listeners[proxied].transport))
      return wrong("proxied: there is no such listener for connections");
  }
  for (const Trunk& trunk : options.trunks) {
    if (trunk.listener >= options.listeners.size()) return wrong("a trunk at no listener");
    if (is_reliable(options.listeners[trunk.listener].transport))
      return wrong("a trunk at a listener that is no udp one");
    if (trunk.peer.ip.family != options.listeners[trunk.listener].ip.family)
      return wrong("a trunk of another address family than its listener");
  }
  if (const std::string_view problem = problem_of(options.settings.timers); !problem.empty()) {
    return wrong(std::string(problem));
  }
  const auto& [resource, origin] = options.client_websocket;
  if (!resource.starts_with('/') || resource.size() > 200 || origin.size() > 200)
    return wrong("client_websocket: a resource begins with /, and both have at most 200 octets");
  const ShardOptions& shard = options.shard;
  if (shard.receive_buffers == 0 || shard.receive_buffers > 16'384) {
    return wrong("receive_buffers is not between 1 and 16384");
  }
  if (shard.turn == 0) return wrong("turn is 0");
  if (shard.hand_over == 0) return wrong("hand_over is 0");
  if (shard.errands == 0) return wrong("errands is 0");
  if (shard.nice && (*shard.nice < -20 || *shard.nice > 19)) return wrong("nice is not -20 to 19");
  for (const std::uint32_t cpu : shard.cpus) {
    if (cpu >= CPU_SETSIZE) return wrong("no CPU has number " + std::to_string(cpu));
  }
  if (shard.numa && !shard.pin && shard.cpus.empty()) return wrong("numa without pinned shards");
  if (shard.batching && shard.batching->completions == 0) return wrong("batching of 0 completions");
  if (options.names) {
    const std::string problem = problem_of(*options.names, options.listeners);
    if (!problem.empty()) return wrong(problem);
  }
  return {};
}

}  // namespace

UdpOptions udp_options(const ServerOptions& options) {
  return {options.shard.socket_receive_bytes, options.shard.socket_send_bytes,
          !options.trunks.empty()};
}

OpenError tls_error(const NetworkAddress& listener, const TlsFailure& failure) {
  return {OpenErrorCode::certificate, 0,
          std::string(to_string(listener.transport)) + " " + std::string(to_text(listener).view()) +
              ": " + failure.text + " (" + std::string(to_string(failure.code)) + "); " +
              std::string(advice(failure.code))};
}

std::expected<void, OpenError> check_listener_tls(const NetworkAddress& listener,
                                                  const ListenerTls& tls) {
  TlsLibrary library;
  const auto context =
      TlsContext::server(library, tls.materials,
                         {.verify = tls.verify, .protocol = tls_protocol_of(listener.transport)});
  if (!context) return std::unexpected(tls_error(listener, context.error()));
  return {};
}

Server::Server() = default;

Server::~Server() {
  stop();
  join();
}

std::uint32_t Server::default_shards() {
  return std::clamp(static_cast<std::uint32_t>(usable_cpus().size()), 1U, max_shards);
}

std::expected<std::unique_ptr<Server>, OpenError> Server::start(const ServerOptions& options,
                                                                TransactionUserFactory factory) {
  if (auto checked = check(options); !checked) return std::unexpected(checked.error());
  const std::uint32_t count = options.shards != 0 ? options.shards : default_shards();
  std::unique_ptr<Server> server(new Server);
  server->common_ = std::make_unique<Common>(
      options, count, options.entropy.value_or(kernel_entropy()), std::move(factory));

  std::vector<std::vector<UdpSocket>> sockets(count);
  std::vector<std::vector<StreamSocket>> streams(count);
  if (auto opened = server->open_listeners(sockets, streams); !opened)
    return std::unexpected(opened.error());
  const UdpOptions udp = udp_options(options);
  if (auto steered = server->steer(sockets); !steered) return std::unexpected(steered.error());
  for (const Trunk& trunk : options.trunks) {
    const NetworkAddress& bound = server->common_->listeners[trunk.listener].address;
    for (std::uint32_t i = 0; i < count; ++i) {
      auto opened = UdpSocket::open_trunk(bound, trunk.peer, udp);
      if (!opened) return std::unexpected(opened.error());
      sockets[i].push_back(std::move(*opened));
    }
  }
  auto started = server->start_shards(std::move(sockets), std::move(streams));
  if (!started) return std::unexpected(started.error());
  server->add_feature_notices();
  return server;
}

// Datagrams' listeners have the first slots: by these the kernel's steering knows them.
std::expected<void, OpenError> Server::open_listeners(
    std::vector<std::vector<UdpSocket>>& sockets, std::vector<std::vector<StreamSocket>>& streams) {
  const ServerOptions& options = common_->options;
  const auto count = static_cast<std::uint32_t>(sockets.size());
  const auto datagram_listeners = static_cast<std::uint32_t>(
      std::ranges::count(options.listeners, Transport::udp, &NetworkAddress::transport));
  std::uint32_t next_datagram = 0;
  std::uint32_t next_stream = datagram_listeners;
  for (const NetworkAddress& address : options.listeners) {
    const bool is_stream = is_reliable(address.transport);
    const std::uint32_t slot = is_stream ? next_stream++ : next_datagram++;
    auto bound =
        is_stream ? open_stream(address, count, streams) : open_datagram(address, count, sockets);
    if (!bound) return std::unexpected(bound.error());
    common_->listener_generations[slot] = 1;
    common_->listeners.push_back({Flow::of_listener(slot), *bound});
  }
  return {};
}

std::expected<NetworkAddress, OpenError> Server::open_datagram(
    const NetworkAddress& address, std::uint32_t count,
    std::vector<std::vector<UdpSocket>>& sockets) {
  auto opened = UdpSocket::open(address, count, udp_options(common_->options), notices_);
  if (!opened) return std::unexpected(opened.error());
  const NetworkAddress bound = opened->front().bound_address();
  for (std::uint32_t i = 0; i < count; ++i) sockets[i].push_back(std::move((*opened)[i]));
  return bound;
}

std::expected<NetworkAddress, OpenError> Server::open_stream(
    const NetworkAddress& address, std::uint32_t count,
    std::vector<std::vector<StreamSocket>>& sockets) {
  auto opened = StreamSocket::listen(address, count, common_->options.shard.streams);
  if (!opened) return std::unexpected(opened.error());
  const NetworkAddress bound = opened->front().bound_address();
  for (std::uint32_t i = 0; i < count; ++i) sockets[i].push_back(std::move((*opened)[i]));
  return bound;
}

std::expected<void, OpenError> Server::steer(const std::vector<std::vector<UdpSocket>>& sockets) {
  const Steer steer = common_->options.shard.steer;
  if (sockets.size() < 2 || steer == Steer::hand_over) return {};
  auto attached = KernelSteering::attach(sockets, common_->steering_seed, common_->roster.homes());
  if (attached) {
    kernel_steering_ = std::make_unique<KernelSteering>(std::move(*attached));
  } else if (steer == Steer::kernel) {
    return std::unexpected(attached.error());
  } else {
    notices_.push_back(attached.error().text + ": they are handed over");
  }
  return {};
}

std::expected<void, OpenError> Server::start_shards(
    std::vector<std::vector<UdpSocket>> sockets, std::vector<std::vector<StreamSocket>> streams) {
  const std::vector<int> usable = usable_cpus();
  const auto count = static_cast<std::uint32_t>(sockets.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    shards_.push_back(
        std::make_unique<Shard>(*common_, i, cpu_of(i, common_->options.shard, usable),
                                Shard::Sockets{std::move(sockets[i]), std::move(streams[i])}));
  }
  for (auto& shard : shards_) shard->start();
  common_->started.arrive_and_wait();
  for (const auto& error : common_->open_errors) {
    if (error) return std::unexpected(*error);
  }
  for (const auto& notice : common_->notices) {
    if (notice) notices_.push_back(*notice);
  }
  return {};
}

void Server::add_feature_notices() {
  const UringFeatures& has = features();
  const UringFeatures& wanted = common_->options.shard.features;
  const auto notice = [&](bool lacks, const char* what, const char* instead, const char* since) {
    if (!lacks) return;
    notices_.push_back(std::string("io_uring lacks ") + what + " (Linux " + since +
                       " has it, this is " + kernel_release() + "): " + instead);
  };
  notice(wanted.deferred_task_work && !has.deferred_task_work, "deferred task work",
         "completions interrupt the shards", "6.1");
  notice(wanted.multishot_receive && !has.multishot_receive,
         "multishot receive into provided buffers", "poll and recvmmsg are used", "6.0");
  notice(wanted.message_ring && !has.message_ring && shards() > 1, "messages between rings",
         "shards wake each other by eventfd", "5.18");
  notice(common_->options.shard.batching && !has.minimum_wait, "minimum waits",
         "wake-ups are not batched", "6.12");
}

void Server::stop() noexcept {
  for (auto& shard : shards_) shard->stop();
}

void Server::join() {
  for (auto& shard : shards_) shard->join();
}

std::expected<void, PostError> Server::give(std::uint32_t shard, Errand& errand) {
  const auto must_wake = common_->errands[shard]->push(errand);
  if (!must_wake) return std::unexpected(must_wake.error());
  if (*must_wake) shards_[shard]->wake();
  return {};
}

std::expected<void, PostError> Server::post(std::uint32_t shard, Errand errand) {
  if (shard >= shards()) return std::unexpected(PostError::no_such_shard);
  return give(shard, errand);
}

std::expected<void, PostError> Server::post(Errand errand) {
  PostError error = PostError::stopped;
  const std::uint32_t first = common_->errand_turns.next();
  for (std::uint32_t i = 0; i < shards(); ++i) {
    const std::uint32_t shard = (first + i) % shards();
    if (common_->roster.order_to(shard) != ShardOrder::serve) continue;
    const auto given = give(shard, errand);
    if (given) return given;
    if (given.error() == PostError::no_room) error = PostError::no_room;
  }
  return std::unexpected(error);
}

std::span<const Listener> Server::listeners() const {
  return common_->listeners;
}
std::uint32_t Server::shards() const {
  return static_cast<std::uint32_t>(shards_.size());
}
Metrics Server::metrics(std::uint32_t shard) const {
  return shards_[shard]->metrics();
}
const UringFeatures& Server::features() const {
  return shards_.front()->features();
}

Metrics Server::metrics() const {
  Metrics sum;
  for (const auto& shard : shards_) sum += shard->metrics();
  return sum;
}

}  // namespace sipring
