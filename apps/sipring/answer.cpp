// `sipring answer`: an auto-answering user agent server. The main thread only waits for signals and
// reports once a second; all the work is the shards'.
// SPDX-License-Identifier: MIT
#include "command.h"
#include "listen_address.h"
#include "signals.h"
#include "version.h"

#include <answer/answer_user.h>
#include <answer/report.h>
#include <log/event_log.h>
#include <metrics/endpoint.h>

#include <sipring/io/clock.h>
#include <sipring/io/server.h>

#include <fmt/core.h>

#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sipring {
namespace {

constexpr std::uint32_t default_transactions = 262'144;  // 32 s of 4,000 calls/s, INVITE and BYE

struct Flags {
  std::vector<std::string> listen{"udp:127.0.0.1:5060"};
  std::vector<std::string> trunks;
  std::uint32_t shards = 0;
  std::uint32_t transactions = default_transactions;
  std::uint32_t calls = 0;
  std::uint32_t t1_ms = 500, t2_ms = 4'000, t4_ms = 5'000;
  std::uint32_t jitter_per_mille = 0;
  std::uint32_t minimum_wait_us = 0;
  std::uint32_t retry_after_s = 5;
  std::uint32_t duration_s = 0;
  std::uint32_t work_us = 0;
  std::uint32_t turn_budget_ms = 20;
  OverloadSettings overload;
  std::string overload_control;
  std::uint16_t media_port = 9;
  std::string advertise;
  std::string metrics;
  LogOptions log;
  bool no_pin = false;
  std::vector<std::uint32_t> cpus;
  std::optional<int> nice;
  bool numa = false;
  bool prefault = false;
  Steer steer = Steer::automatic;
  std::uint32_t patience_s = 40;  // longer than any timer of a transaction with the default T1
  bool json = false;
};

Settings settings_of(const Flags& flags, const std::string& server) {
  Settings settings;
  settings.limits.transactions = flags.transactions;
  settings.limits.retry_after_seconds = flags.retry_after_s;
  settings.timers.t1 = std::chrono::milliseconds(flags.t1_ms);
  settings.timers.t2 = std::chrono::milliseconds(flags.t2_ms);
  settings.timers.t4 = std::chrono::milliseconds(flags.t4_ms);
  settings.timers.jitter_per_mille = flags.jitter_per_mille;
  settings.server = server;
  settings.overload = flags.overload;
  settings.overload.advertise = !flags.overload_control.empty();
  settings.overload.prefer_rate = flags.overload_control == "rate";
  return settings;
}

AnswerOptions answer_options_of(const Flags& flags, const ShardMark& mark) {
  AnswerOptions options;
  options.mark = mark;
  options.calls = flags.calls != 0 ? flags.calls : flags.transactions;
  options.timers = settings_of(flags, {}).timers;
  options.retry_after_seconds = flags.retry_after_s;
  options.media_port = flags.media_port;
  options.work = std::chrono::microseconds(flags.work_us);
  return options;
}

// At the first listener of its address family.
std::expected<Trunk, std::string> trunk_of(const std::string& text, const ServerOptions& options) {
  const auto peer = parse_listen_address(text);
  if (!peer) return std::unexpected(peer.error());
  for (std::uint32_t i = 0; i < options.listeners.size(); ++i) {
    if (options.listeners[i].ip.family == peer->ip.family) return Trunk{*peer, i};
  }
  return std::unexpected("--trunk " + text + ": no listener of its address family");
}

std::expected<ServerOptions, std::string> server_options_of(const Flags& flags,
                                                            const std::string& server) {
  ServerOptions options;
  for (const std::string& text : flags.listen) {
    const auto address = parse_listen_address(text);
    if (!address) return std::unexpected(address.error());
    options.listeners.push_back(*address);
  }
  for (const std::string& text : flags.trunks) {
    const auto trunk = trunk_of(text, options);
    if (!trunk) return std::unexpected(trunk.error());
    options.trunks.push_back(*trunk);
  }
  options.shards = flags.shards;
  options.settings = settings_of(flags, server);
  options.shard.pin = !flags.no_pin;
  options.shard.cpus = flags.cpus;
  options.shard.nice = flags.nice;
  options.shard.numa = flags.numa;
  options.shard.prefault = flags.prefault;
  options.shard.steer = flags.steer;
  options.shard.turn_limits.budget = std::chrono::milliseconds(flags.turn_budget_ms);
  if (flags.minimum_wait_us != 0) {
    options.shard.batching.emplace().at_most = std::chrono::microseconds(flags.minimum_wait_us);
  }
  return options;
}

// Tags that each shard knows to be ours, so that a call outlives the shard where it began.
Entropy entropy_of(const ShardContext& context) {
  Entropy entropy = context.entropy;
  for (const std::size_t i : {0, 1}) entropy.words[i] = context.shared_entropy.words[i];
  return entropy;
}

// The shards' users end on the shards' threads.
class Tallies {
 public:
  void add(const AnswerTally& tally) {
    const std::scoped_lock lock(mutex_);
    sum_ += tally;
  }
  [[nodiscard]] AnswerTally sum() const { return sum_; }  // after all have ended

 private:
  std::mutex mutex_;
  AnswerTally sum_;
};

std::vector<Metrics> metrics_of(const Server& server) {
  std::vector<Metrics> all;
  for (std::uint32_t i = 0; i < server.shards(); ++i) all.push_back(server.metrics(i));
  return all;
}

double seconds_between(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

// People watch, who see a line that is written over each second.
bool is_live(const Flags& flags) {
  return !flags.json && ::isatty(STDOUT_FILENO) == 1;
}

// SIGUSR1: one shard fewer. The last one that serves drains, and stops when nothing goes on there
// or patience ends.
class Departure {
 public:
  void begin(Server& server, Duration patience) {
    std::uint32_t shard = server.shards() - 1;
    while (shard > 0 && server.phase(shard) == ShardPhase::stopped) --shard;
    if (const auto begun = server.drain(shard); !begun) {
      return fmt::print(stderr, "sipring: shard {} goes on: {}\n", shard, to_string(begun.error()));
    }
    shard_ = shard;
    until_ = read_clock() + patience;
  }
  void look_after(Server& server) {
    if (!shard_ || (!server.is_drained(*shard_) && read_clock() < until_)) return;
    if (server.stop(*shard_, Duration{})) {
      fmt::print(stderr, "sipring: shard {} has stopped\n", *shard_);
    }
    shard_.reset();
  }

 private:
  std::optional<std::uint32_t> shard_;
  Instant until_ = never;
};

// Says once a second what goes on, until a signal or the end of the duration.
void watch(Server& server, const Flags& flags, const Signals& signals, Instant start,
           EventLog& log) {
  const Instant end =
      flags.duration_s == 0 ? never : start + std::chrono::seconds(flags.duration_s);
  const bool live = is_live(flags);
  std::vector<Metrics> before = metrics_of(server);
  Instant told = start;
  Departure departure;
  for (std::uint64_t second = 1;; ++second) {
    const Instant next = start + std::chrono::seconds(second);
    departure.look_after(server);
    int signal = 0;
    while ((signal = signals.wait_until(std::min(next, end))) == SIGUSR1) {
      departure.begin(server, std::chrono::seconds(flags.patience_s));
    }
    if (signal != 0 || end < next) break;
    std::vector<Metrics> now = metrics_of(server);
    const double seconds = seconds_between(told, next);
    Metrics sum_before, sum_now;
    for (const Metrics& shard : before) sum_before += shard;
    for (const Metrics& shard : now) sum_now += shard;
    log.observe(next, now);
    if (flags.json) fmt::print("{}\n", second_json(second, before, now, seconds));
    if (live) fmt::print("\r\x1b[K{}", live_line(sum_before, sum_now, seconds));
    (void)std::fflush(stdout);
    before = std::move(now);
    told = next;
    if (next == end) break;
  }
  if (live) fmt::print("\n");
}

// nullptr where none is asked for.
std::expected<std::unique_ptr<MetricsEndpoint>, std::string> start_metrics(const Flags& flags,
                                                                           const Server& server) {
  if (flags.metrics.empty()) return nullptr;
  const auto address = parse_host_and_port(flags.metrics);
  if (!address) return std::unexpected(address.error());
  return MetricsEndpoint::start(*address, [&server] { return metrics_of(server); });
}

void announce(const Server& server, const MetricsEndpoint* metrics, bool json) {
  const std::string url =
      metrics == nullptr ? ""
                         : fmt::format("http://{}/metrics", to_text(metrics->address()).view());
  if (json) {
    fmt::print("{}\n", start_json(server.listeners(), server.shards(), url));
  } else {
    for (const Listener& listener : server.listeners()) {
      fmt::print("sipring {} answers on {}\n", version(), listen_address_text(listener.address));
    }
    fmt::print("{} shard{}; call it:  {}\n", server.shards(), server.shards() == 1 ? "" : "s",
               sipp_line(server.listeners().front().address));
    if (!url.empty()) fmt::print("metrics: {}\n", url);
  }
  (void)std::fflush(stdout);
  for (const std::string& notice : server.notices()) fmt::print(stderr, "sipring: {}\n", notice);
}

int answer(const Flags& flags) {
  const Signals signals(true);  // before there are threads to inherit the mask
  const std::string name = "sipring/" + version();
  const auto options = server_options_of(flags, name);
  if (!options) {
    fmt::print(stderr, "sipring: {}\n", options.error());
    return 2;
  }
  LogOptions log_options = flags.log;
  log_options.clears_line = is_live(flags);
  const auto sink = open_log(log_options);
  if (!sink) {
    fmt::print(stderr, "sipring: {}\n", sink.error());
    return 1;
  }
  EventLog log(*sink);
  Tallies tallies;
  auto server = Server::start(*options, [&](ShardContext& context) {
    return std::make_unique<AnswerUser>(answer_options_of(flags, context.mark),
                                        make_endpoints(context.listeners, flags.advertise),
                                        entropy_of(context), *context.memory,
                                        [&](const AnswerTally& tally) { tallies.add(tally); });
  });
  if (!server) {
    fmt::print(stderr, "sipring: {}\n", server.error().text);
    return 1;
  }
  auto metrics = start_metrics(flags, **server);
  if (!metrics) {
    fmt::print(stderr, "sipring: {}\n", metrics.error());
    return 1;
  }
  announce(**server, metrics->get(), flags.json);
  log.shards_started((*server)->shards());
  const Instant start = read_clock();
  watch(**server, flags, signals, start, log);
  (*server)->stop();
  (*server)->join();
  const Instant end = read_clock();
  const double seconds = seconds_between(start, end);
  const std::vector<Metrics> all = metrics_of(**server);
  log.shards_stopped(end, all);
  fmt::print("{}{}",
             flags.json ? summary_json(all, tallies.sum(), seconds)
                        : summary_text(all, tallies.sum(), seconds),
             flags.json ? "\n" : "");
  return 0;
}

void add_overload_options(CLI::App& command, Flags& flags) {
  command
      .add_option("--source-rate", flags.overload.source_rate,
                  "new requests a second from one address; 0: no limit")
      ->check(CLI::Range(0U, 1'000'000U));
  command
      .add_option("--source-transactions", flags.overload.source_transactions,
                  "transactions alive from one address; 0: no limit")
      ->check(CLI::Range(0U, 16'777'216U));
  command
      .add_option("--turn-budget", flags.turn_budget_ms,
                  "ms of work after which an overloaded shard refuses the rest; 0: never")
      ->check(CLI::Range(0, 10'000))
      ->capture_default_str();
  command
      .add_option("--overload-control", flags.overload_control,
                  "tell clients how much to send (RFC 7339): loss, or rate for those that know it")
      ->check(CLI::IsMember({"loss", "rate"}));
  command
      .add_option("--work", flags.work_us,
                  "a test aid: microseconds of CPU spent on each request, as an application would")
      ->check(CLI::Range(0, 1'000'000));
}

}  // namespace

void add_answer(CLI::App& program, Run& run) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.add_subcommand("answer", "answer every call and request");
  command->footer(
      "The user part of the Request-URI chooses: ring (200 after 5 s), busy (486), decline "
      "(603),\nsilent (no final response); any other is answered at once.");
  command->add_option("--listen", flags->listen, "udp:HOST:PORT; may be repeated")
      ->capture_default_str();
  command->add_option("--trunk", flags->trunks,
                      "udp:HOST:PORT of a peer with much traffic, which gets a socket of its own");
  command->add_option("--shards", flags->shards, "threads; 0: one for each CPU")
      ->check(CLI::Range(0, 255));
  command->add_option("--transactions", flags->transactions, "alive at once, in each shard")
      ->check(CLI::Range(1U, 16'777'216U))
      ->capture_default_str();
  command
      ->add_option("--calls", flags->calls,
                   "calls without an ACK at once, in each shard; 0: as many as transactions")
      ->check(CLI::Range(0U, 16'777'216U));
  command->add_option("--t1", flags->t1_ms, "T1 of RFC 3261 in ms")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  command->add_option("--t2", flags->t2_ms, "T2 in ms")
      ->check(CLI::Range(1, 600'000))
      ->capture_default_str();
  command->add_option("--t4", flags->t4_ms, "T4 in ms")
      ->check(CLI::Range(1, 600'000))
      ->capture_default_str();
  command
      ->add_option("--jitter", flags->jitter_per_mille,
                   "waits before retransmissions are longer by up to so many thousandths")
      ->check(CLI::Range(0, 1'000));
  command
      ->add_option("--min-wait", flags->minimum_wait_us,
                   "gather messages for up to so many microseconds before waking; 0: do not")
      ->check(CLI::Range(0, 100'000));
  command->add_option("--advertise", flags->advertise, "host in Contact and Via");
  command->add_option("--retry-after", flags->retry_after_s, "seconds that a 503 asks for")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  command->add_option("--media-port", flags->media_port, "audio port in session descriptions")
      ->check(CLI::Range(1, 65'535))
      ->capture_default_str();
  command->add_option("--duration", flags->duration_s, "end after so many seconds; 0: on a signal")
      ->check(CLI::Range(0, 31'536'000));
  command->add_option("--metrics", flags->metrics,
                      "HOST:PORT where Prometheus finds metrics, at /metrics");
  command->add_option("--log-level", flags->log.level, "debug, info, warning, error or off")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->capture_default_str();
  command->add_option("--log-file", flags->log.file, "where log lines go; else to stderr");
  CLI::Option* no_pin = command->add_flag("--no-pin", flags->no_pin, "do not pin shards to CPUs");
  command->add_option("--cpus", flags->cpus, "the shards' CPUs, as in 2,3")
      ->delimiter(',')
      ->check(CLI::Range(0, 1'023))
      ->excludes(no_pin);
  command->add_option("--nice", flags->nice, "nice level of the shards' threads")
      ->check(CLI::Range(-20, 19));
  command->add_flag("--numa", flags->numa, "memory from the node of each shard's CPU alone")
      ->excludes(no_pin);
  command->add_flag("--prefault", flags->prefault,
                    "touch all memory at start, so that no message waits for it");
  command
      ->add_option("--steering", flags->steer,
                   "who brings a call to its shard: auto, kernel (eBPF), handover")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Steer>{
          {"auto", Steer::automatic}, {"kernel", Steer::kernel}, {"handover", Steer::hand_over}}));
  command
      ->add_option("--patience", flags->patience_s,
                   "SIGUSR1 stops one shard, after so many seconds at most for its calls to end")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  add_overload_options(*command, *flags);
  command->add_flag("--json", flags->json, "one JSON object a second, and a summary");
  command->callback([flags, &run] { run = [flags] { return answer(*flags); }; });
}

}  // namespace sipring
