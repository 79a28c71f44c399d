// SPDX-License-Identifier: MIT
#include <load/generator.h>

#include <agent/endpoint.h>
#include <names/destination_text.h>

#include <fmt/format.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace sipring::app {
namespace {

// A share of a whole, the first ones larger where it does not divide.
std::uint32_t share(std::uint32_t whole, std::uint32_t index, std::uint32_t parts) {
  return whole / parts + (index < whole % parts ? 1 : 0);
}

// Phones of one thread call each other.
std::uint32_t threads_of(const GeneratorOptions& options) {
  const std::uint32_t threads = options.threads != 0 ? options.threads : Server::default_shards();
  return options.phones == 0 ? threads : std::clamp(options.phones / 2, 1U, threads);
}

// Of one thread. A transaction outlives its request by 64*T1 (Timer M) or T4 (Timer K).
Limits limits_of(const GeneratorOptions& options, std::uint32_t threads, std::uint32_t sessions) {
  const double lifetime = std::chrono::duration<double>(64 * options.timers.t1).count() + 6;
  const double rate = std::max(options.arrivals.rate, options.arrivals.start_rate) / threads;
  const double needed = options.concurrency != 0 ? 2'000'000.0 : rate * lifetime * 2;
  Limits limits;
  limits.transactions =
      static_cast<std::uint32_t>(std::clamp(needed, 65'536.0, 4'000'000.0)) + 2 * sessions;
  limits.outputs = 1'024;
  limits.calls = sessions;
  if (options.phones == 0) {
    limits.description_bytes = 1;  // of calls: none are kept
  } else {
    limits.transactions *= 2;  // both sides of a call
    limits.calls *= 2;
  }
  return limits;
}

std::uint32_t sessions_of(const GeneratorOptions& options, std::uint32_t index,
                          std::uint32_t threads) {
  if (options.concurrency != 0) return share(options.concurrency, index, threads) + 1;
  if (options.sessions != 0) return share(options.sessions, index, threads) + 1;
  const double seconds = std::chrono::duration<double>(options.hold).count() + 4;
  const double needed = options.arrivals.rate / threads * seconds;
  return static_cast<std::uint32_t>(std::clamp(needed, 4'096.0, 1'000'000.0));
}

// Those that are kept open, and as many of single sessions as may end later than the next begin.
ConnectionLimits connection_limits_of(const GeneratorOptions& options, std::uint32_t sessions) {
  ConnectionLimits limits;
  const bool kept = options.connections != 0;
  limits.connections = std::max(limits.connections, kept ? options.connections : 2 * sessions);
  limits.sends = std::max(limits.sends, 4 * sessions);
  limits.idle = kept ? std::chrono::hours(24 * 365) : limits.idle;
  return limits;
}

// Of one thread: as much as its transactions may have on their way.
NameOptions names_of(const GeneratorOptions& options, const Limits& limits) {
  constexpr std::size_t kept_octets = 2'048, most_kept = std::size_t{256} << 20;
  NameOptions names;
  if (options.name_server) names.system.settings.servers = {*options.name_server};
  names.sending.sendings = limits.transactions;
  names.sending.kept_bytes = std::min(limits.transactions * kept_octets, most_kept);
  return names;
}

LoadOptions load_options_of(const GeneratorOptions& options, std::uint32_t index,
                            std::uint32_t threads, std::uint64_t run) {
  LoadOptions load{.scenario = options.scenario,
                   .arrivals = options.arrivals,
                   .concurrency = share(options.concurrency, index, threads),
                   .hold = options.hold,
                   .sessions = sessions_of(options, index, threads),
                   .account = options.account,
                   .expires_s = options.expires_s,
                   .rings = options.rings,
                   .timers = options.timers,
                   .gather = options.minimum_wait};
  load.arrivals.seed = run + index;
  load.arrivals.part = index;
  load.arrivals.parts = threads;
  return load;
}

Way way_of(const GeneratorOptions& options, std::uint32_t index, std::uint32_t threads) {
  if (options.connections == 0) return {.side_by_side = 0};
  return {.side_by_side = std::max(share(options.connections, index, threads), 1U)};
}

}  // namespace

std::expected<std::unique_ptr<Generator>, std::string> Generator::start(
    const GeneratorOptions& options) {
  std::unique_ptr<Generator> generator(new Generator);
  const std::uint32_t threads = threads_of(options);
  std::random_device random;
  const std::uint64_t run = std::uint64_t{random()} << 32 | random();
  generator->duration_ = options.arrivals.duration;
  generator->registers_ = options.phones != 0;
  generator->started_ = read_clock();
  for (std::uint32_t i = 0; i < threads; ++i) {
    if (const auto started = generator->start_part(options, i, threads, run); !started)
      return std::unexpected(started.error());
  }
  return generator;
}

Generator::~Generator() {
  stop();
}

std::expected<void, std::string> Generator::start_part(const GeneratorOptions& options,
                                                       std::uint32_t index, std::uint32_t threads,
                                                       std::uint64_t run) {
  const IpAddress own = options.bind.empty() ? address_towards(options.target)
                                             : parse_ip_address(options.bind).value_or(IpAddress{});
  LoadOptions load = load_options_of(options, index, threads, run);
  ServerOptions server;
  const auto port = static_cast<std::uint16_t>(options.port == 0 ? 0 : options.port + index);
  const NetworkAddress own_address{own, port, options.target.transport};
  server.only_connects = has_handshake(own_address.transport);  // nobody connects to us by these
  if (!server.only_connects) server.listeners = {own_address};
  Endpoint outgoing = make_endpoint(own_address, fmt::format("{:x}-{}", run, index));
  if (options.is_sips) outgoing.contact = outgoing.secure_contact;
  server.client_tls = options.tls;
  server.client_websocket = options.websocket;
  server.shard.connections = connection_limits_of(options, load.sessions);
  if (options.trunk) server.trunks = {{.peer = options.target}};
  server.shards = 1;
  server.settings.limits = limits_of(options, threads, load.sessions);
  server.settings.timers = options.timers;
  server.settings.finds_merged = false;  // what is answered here is within dialogs
  server.shard.prefault = options.prefault;
  server.shard.pin = options.pin;
  server.shard.first_cpu = index;
  if (options.minimum_wait > Duration{}) {
    server.shard.batching.emplace().at_most = options.minimum_wait;
  }
  if (!options.name.empty()) {
    server.names = names_of(options, server.settings.limits);
    if (server.only_connects)
      server.names->also_from = {{own_address.transport, own.family, Flow{}, outgoing.sent_by}};
  }
  parts_.push_back(std::make_unique<Part>());
  Part& part = *parts_.back();
  auto started = Server::start(server, [&](ShardContext& context) {
    load.entropy = context.entropy;
    load.mark = context.mark;
    const bool listens = !context.listeners.empty();
    Target target{
        .address = options.target,
        .user = options.user,
        .phones = {.first = index, .step = threads, .count = share(options.phones, index, threads)},
        .domain = options.domain,
        .is_sips = options.is_sips,
        .endpoint = listens ? make_endpoint(context.listeners[0], "") : outgoing,
        .way = way_of(options, index, threads)};
    if (listens) target.way.listener = context.listeners[0].flow;
    if (is_reliable(options.target.transport)) target.way.connections = context.connections;
    target.sender = context.sender;
    if (!options.name.empty()) {
      target.destination = parse_destination(options.name).value();
      target.way.domain = target.destination.host;
    }
    return std::make_unique<LoadUser>(load, target, SessionNames{run, index}, *context.memory,
                                      part.view);
  });
  if (!started) return std::unexpected(started.error().text);
  part.server = std::move(*started);
  return {};
}

LoadResult Generator::result() const {
  LoadResult result;
  for (const auto& part : parts_) {
    result.tally += part->view.tally.read();
    if (part->server) result.shards += part->server->metrics();
  }
  const Instant end = ended_ == Instant{} ? read_clock() : ended_;
  result.seconds = std::chrono::duration<double>(std::min(end - started_, duration_)).count();
  return result;
}

std::vector<Generator::CpuTime> Generator::cpu_times() const {
  std::vector<CpuTime> times;
  for (const auto& part : parts_) {
    const Metrics metrics = part->server->metrics();
    times.push_back({metrics.user_time + metrics.system_time, metrics.taken});
  }
  return times;
}

std::vector<std::string> Generator::notices() const {
  const auto notices = parts_.front()->server->notices();
  return {notices.begin(), notices.end()};
}

void Generator::stop() {
  if (ended_ != Instant{}) return;
  ended_ = read_clock();
  for (const auto& part : parts_) {
    if (!part->server) continue;
    registers_ ? part->server->finish() : part->server->stop();
  }
  const Instant last = ended_ + patience;
  for (const auto& part : parts_) {
    if (part->server && registers_)
      (void)part->server->stop(std::max(last - read_clock(), Duration{}));
  }
  for (const auto& part : parts_) {
    if (part->server) part->server->join();
  }
}

}  // namespace sipring::app
