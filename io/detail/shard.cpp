// SPDX-License-Identifier: MIT
#include <sipring/io/detail/shard.h>

#include <sipring/io/detail/memory.h>
#include <sipring/io/detail/placement.h>
#include <sipring/io/stream/sha1.h>

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <exception>
#include <new>
#include <system_error>
#include <utility>

namespace sipring {
namespace {

constexpr std::uint32_t ring_submissions = 256;
constexpr std::uint32_t stream_completions = 4'096;  // of connections, between two turns
// Places among the ring's files.
constexpr std::uint32_t event_file = 0;
constexpr std::uint32_t first_port_file = 1;

}  // namespace

// Each stands on those before it; they are destroyed the other way round.
struct Shard::Parts {
  explicit Parts(const ShardOptions& options) : memory(options.prefault) {}

  ShardMemory memory;
  std::optional<Uring> uring;
  std::optional<ReceiveRing> receive_ring;
  IoCounters counters;
  std::optional<Engine> engine;
  std::optional<FailedSends> failed;
  std::optional<UdpPorts> udp;
  std::optional<StreamBuffers> stream_buffers;
  std::optional<Connections> connections;
  std::optional<KeepAlives> keep_alives;
  std::optional<StreamPorts> streams;
  std::optional<Post> post;
  std::optional<Bells> bells;
  std::optional<Steering> steering;
  Leaving leaving;
  std::optional<Intake> intake;
  std::optional<Snapshot> snapshot;
  std::vector<Listener> listeners;
  std::optional<Naming> naming;
  ShardContext context;
  std::unique_ptr<TransactionUser> user;
  Arrivals arrivals{&memory};
  std::optional<Outputs> outputs;
  std::optional<Reception> reception;
  std::optional<Orders> orders;
  std::optional<Loop> loop;
};

Shard::Shard(Common& common, std::uint32_t index, std::optional<int> cpu, Sockets sockets)
    : common_(common), index_(index), cpu_(cpu), sockets_(std::move(sockets)) {}

Shard::~Shard() {
  if (event_fd_ >= 0) ::close(event_fd_);
}

void Shard::start() {
  event_fd_ = ::eventfd(0, EFD_CLOEXEC);
  if (event_fd_ < 0) {
    return give_up({OpenErrorCode::ring, errno, "no eventfd: " + error_text(errno)});
  }
  // Signals are for the embedder's threads: ours would only be interrupted by them.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  (void)::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { body(); });
  } catch (const std::system_error& error) {
    give_up({OpenErrorCode::ring, error.code().value(), "no thread: " + error.code().message()});
  }
  (void)::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// There is no thread that could say so: the others must not wait for it.
void Shard::give_up(OpenError error) {
  common_.open_errors[index_] = std::move(error);
  common_.started.count_down();
  common_.ended.count_down();
}

void Shard::join() {
  if (thread_.joinable()) thread_.join();
}

void Shard::stop() noexcept {
  common_.mailboxes.doorbell(index_).request_stop();
  wake();
}

void Shard::wake() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(event_fd_, &one, sizeof one);
}

void Shard::body() {
  std::expected<std::unique_ptr<Parts>, OpenError> parts = prepare();
  if (!parts) common_.open_errors[index_] = parts.error();
  common_.started.arrive_and_wait();
  if (common_.failed()) return common_.ended.arrive_and_wait();
  (*parts)->loop->run();
  if (!(*parts)->loop->has_left()) return common_.ended.arrive_and_wait();
  common_.roster.report(index_, ShardReport::left);
  common_.roster.wait_for_release(index_);
  parts->reset();
  common_.ended.count_down();
}

std::expected<std::unique_ptr<Shard::Parts>, OpenError> Shard::prepare() try {
  (void)::pthread_setname_np(::pthread_self(), ("sipring-" + std::to_string(index_)).c_str());
  if (auto placed = place(); !placed) return std::unexpected(placed.error());
  const ShardOptions& options = common_.options.shard;
  auto its_parts = std::make_unique<Parts>(options);
  Parts& parts = *its_parts;
  if (auto opened = open_ring(parts); !opened) return std::unexpected(opened.error());
  const std::uint32_t sends = common_.options.settings.limits.sends_in_flight;
  const std::uint32_t shards = common_.mailboxes.shards();
  parts.engine.emplace(common_.settings_for(index_),
                       common_.entropy_for(index_, Common::Purpose::engine), parts.memory);
  parts.failed.emplace(sends, parts.memory);
  open_ports(parts);
  if (auto opened = open_streams(parts); !opened) return std::unexpected(opened.error());
  parts.post.emplace(common_.mailboxes, index_, sends, parts.counters, *parts.failed, parts.memory);
  parts.bells.emplace(*parts.uring, common_.wake_targets, event_file, parts.counters);
  parts.steering.emplace(shards, common_.steering_seed, common_.server_mark);
  parts.intake.emplace(
      Intake::Position{index_, shards, parts.receive_ring->max_datagrams()}, options.turn_limits,
      Intake::Knowledge{*parts.steering, parts.leaving, *parts.engine}, parts.memory);
  parts.snapshot.emplace(published_);
  if (common_.options.names) {
    parts.naming.emplace(Naming::Parts{*parts.uring, *parts.engine, *parts.connections},
                         *common_.options.names, parts.listeners,
                         common_.entropy_for(index_, Common::Purpose::names), parts.memory);
  }
  make_user(parts);
  if (!parts.user) {
    return std::unexpected(OpenError{OpenErrorCode::user, 0, "no transaction user was made"});
  }
  common_.wake_targets[index_] = {parts.uring->fd(), event_fd_};
  make_loop(parts);
  return its_parts;
} catch (const std::bad_alloc&) {
  return std::unexpected(
      OpenError{OpenErrorCode::memory, ENOMEM, "not enough memory for a shard with these limits"});
} catch (const std::exception& exception) {
  return std::unexpected(OpenError{OpenErrorCode::user, 0, exception.what()});
}

std::expected<void, OpenError> Shard::open_ring(Parts& parts) {
  const ShardOptions& options = common_.options.shard;
  auto uring = Uring::open(ring_submissions, options.receive_buffers * 2 + stream_completions,
                           options.features);
  if (!uring) return std::unexpected(uring.error());
  parts.uring.emplace(std::move(*uring));
  features_ = parts.uring->features();
  const auto trunks = static_cast<std::uint32_t>(common_.options.trunks.size());
  const std::uint32_t files = first_port_file + UdpPorts::max_listeners + trunks;
  if (auto done = parts.uring->register_files(files); !done) return done;
  parts.uring->set_file(event_file, event_fd_);

  auto& ring = parts.receive_ring;
  ring.emplace(*parts.uring, options.receive_buffers, features_.multishot_receive, parts.memory);
  if (!ring->is_registered()) {
    ring.emplace(*parts.uring, options.receive_buffers, false, parts.memory);
  }
  features_.multishot_receive = ring->is_provided();
  return {};
}

void Shard::open_ports(Parts& parts) {
  const Common& common = common_;
  parts.listeners = common.listeners;
  parts.udp.emplace(
      UdpPorts::Parts{*parts.uring, *parts.receive_ring, *parts.failed, parts.counters},
      SendOptions{common.options.settings.limits.sends_in_flight, common.options.shard.segments},
      first_port_file, static_cast<std::uint32_t>(common.options.trunks.size()), parts.memory);
  auto socket = sockets_.udp.begin();
  for (const Listener& listener : parts.listeners) {
    if (!is_reliable(listener.address.transport))
      parts.udp->open(std::move(*socket++), listener.flow);
  }
  for (const Trunk& trunk : common.options.trunks) {
    parts.udp->open_trunk(std::move(*socket++), parts.listeners[trunk.listener].flow);
  }
  sockets_.udp.clear();
}

std::expected<void, OpenError> Shard::open_streams(Parts& parts) {
  const ShardOptions& options = common_.options.shard;
  parts.stream_buffers.emplace(*parts.uring, options.stream_buffers, parts.memory);
  if (!parts.stream_buffers->is_registered() && !sockets_.streams.empty()) {
    return std::unexpected(
        OpenError{OpenErrorCode::ring, errno, "connections need provided buffers (Linux 5.19)"});
  }
  parts.connections.emplace(
      Connections::Settings{.shard = index_,
                            .limits = options.connections,
                            .sha1 = sha1,
                            .resource = common_.options.client_websocket.resource,
                            .origin = common_.options.client_websocket.origin},
      common_.entropy_for(index_, Common::Purpose::connections), parts.memory);
  const bool keeps_alive = common_.options.settings.flows.offers_keep_alives;
  parts.keep_alives.emplace(keeps_alive ? options.keep_alives : 0,
                            common_.entropy_for(index_, Common::Purpose::keep_alives),
                            parts.memory);
  parts.streams.emplace(StreamPorts::Parts{*parts.uring, *parts.stream_buffers, *parts.connections,
                                           *parts.keep_alives, *parts.failed},
                        options.streams,
                        TlsLines::Settings{.connections = options.connections.connections,
                                           .listeners = StreamPorts::max_listeners,
                                           .record_bytes = options.tls_record_bytes,
                                           .client = common_.options.client_tls,
                                           .secret = common_.ticket_secret,
                                           .start = common_.start},
                        common_.options.settings.flows.reuses_connections, parts.memory);
  auto socket = sockets_.streams.begin();
  for (std::uint32_t i = 0; i < parts.listeners.size(); ++i) {
    const Listener& listener = parts.listeners[i];
    const Transport transport = listener.address.transport;
    if (!is_reliable(transport)) continue;
    if (auto shown = show_certificates(parts, i); !shown) return shown;
    parts.streams->open(
        std::move(*socket++), listener.flow, upgrade_of(transport, common_.upgrade),
        std::ranges::find(common_.options.proxied, i) != common_.options.proxied.end());
  }
  sockets_.streams.clear();
  return {};
}

std::expected<void, OpenError> Shard::show_certificates(Parts& parts, std::uint32_t listener) {
  const auto& [flow, address] = parts.listeners[listener];
  if (!has_tls(address.transport)) return {};
  const auto tls = std::ranges::find(common_.options.tls, listener, &ListenerTls::listener);
  if (auto shown = parts.streams->serve_tls(flow, address.transport, *tls); !shown)
    return std::unexpected(tls_error(address, shown.error()));
  return {};
}

void Shard::make_user(Parts& parts) {
  parts.context = {.shard = index_,
                   .shards = common_.mailboxes.shards(),
                   .listeners = parts.listeners,
                   .memory = &parts.memory,
                   .entropy = common_.entropy_for(index_, Common::Purpose::user),
                   .steering = &*parts.steering,
                   .mark = common_.settings_for(index_).mark,
                   .shared_entropy = common_.entropy_for(Common::all_shards, Common::Purpose::user),
                   .sender = parts.naming ? &parts.naming->sender() : nullptr,
                   .connections = &*parts.connections,
                   .keep_alives = common_.options.settings.flows.offers_keep_alives
                                      ? &*parts.keep_alives
                                      : nullptr};
  parts.user = common_.factory(parts.context);
}

std::expected<void, OpenError> Shard::place() const {
  const ShardOptions& options = common_.options.shard;
  if (cpu_) {
    if (auto pinned = pin_thread(index_, *cpu_); !pinned) return pinned;
  }
  if (options.nice) {
    if (auto set = set_nice_level(index_, *options.nice); !set) return set;
  }
  if (options.numa) common_.notices[index_] = bind_memory(index_);
  return {};
}

void Shard::make_loop(Parts& parts) {
  const ShardOptions& options = common_.options.shard;
  parts.arrivals.reserve(UdpPorts::most_arrivals);
  Naming* const naming = parts.naming ? &*parts.naming : nullptr;
  if (naming != nullptr) naming->serve(*parts.user);
  parts.outputs.emplace(Outputs::Parts{
      index_, *parts.engine, *parts.user, parts.leaving, *parts.post, *parts.udp, *parts.streams,
      naming, *parts.keep_alives, *parts.failed, parts.counters, parts.arrivals});
  parts.reception.emplace(Reception::Parts{index_, options.turn, *parts.intake, *parts.engine,
                                           *parts.outputs, *parts.post, *parts.udp, *parts.streams,
                                           parts.counters, parts.arrivals});
  parts.orders.emplace(Orders::Parts{index_, common_.roster, common_.change, *parts.steering,
                                     parts.leaving, *parts.engine, *parts.user, *parts.outputs,
                                     *parts.post, *parts.udp, *parts.streams, common_.upgrade,
                                     naming});
  parts.loop.emplace(Loop::Parts{options, *parts.uring, *parts.engine, *parts.user, *parts.intake,
                                 parts.leaving, *parts.reception, *parts.outputs, *parts.orders,
                                 *parts.post, *parts.bells, *parts.udp, *parts.streams, naming,
                                 *parts.keep_alives, *parts.snapshot, *common_.errands[index_],
                                 parts.counters, parts.arrivals});
}

}  // namespace sipring
