// `sipring answer`: an auto-answering user agent server. The main thread only waits for signals and
// reports once a second; all the work is the shards'.
// SPDX-License-Identifier: MIT
#include "command.h"
#include "listen_address.h"
#include "signals.h"
#include "version.h"

#include <answer/answer_user.h>
#include <answer/report.h>

#include <sipring/io/clock.h>
#include <sipring/io/server.h>

#include <fmt/core.h>

#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <ctime>
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
  std::uint32_t shards = 0;
  std::uint32_t transactions = default_transactions;
  std::uint32_t calls = 0;
  std::uint32_t t1_ms = 500, t2_ms = 4'000, t4_ms = 5'000;
  std::uint32_t minimum_wait_us = 0;
  std::uint32_t retry_after_s = 5;
  std::uint32_t duration_s = 0;
  std::uint32_t work_us = 0;
  std::uint32_t turn_budget_ms = 20;
  OverloadSettings overload;
  std::string overload_control;
  std::uint16_t media_port = 9;
  std::string advertise;
  bool no_pin = false;
  bool json = false;
};

Settings settings_of(const Flags& flags, const std::string& server) {
  Settings settings;
  settings.limits.transactions = flags.transactions;
  settings.limits.retry_after_seconds = flags.retry_after_s;
  settings.timers.t1 = std::chrono::milliseconds(flags.t1_ms);
  settings.timers.t2 = std::chrono::milliseconds(flags.t2_ms);
  settings.timers.t4 = std::chrono::milliseconds(flags.t4_ms);
  settings.server = server;
  settings.overload = flags.overload;
  settings.overload.advertise = !flags.overload_control.empty();
  settings.overload.prefer_rate = flags.overload_control == "rate";
  return settings;
}

AnswerOptions answer_options_of(const Flags& flags) {
  AnswerOptions options;
  options.calls = flags.calls != 0 ? flags.calls : flags.transactions;
  options.timers = settings_of(flags, {}).timers;
  options.retry_after_seconds = flags.retry_after_s;
  options.media_port = flags.media_port;
  options.work = std::chrono::microseconds(flags.work_us);
  return options;
}

std::expected<ServerOptions, std::string> server_options_of(const Flags& flags,
                                                            const std::string& server) {
  ServerOptions options;
  for (const std::string& text : flags.listen) {
    const auto address = parse_listen_address(text);
    if (!address) return std::unexpected(address.error());
    options.listeners.push_back(*address);
  }
  options.shards = flags.shards;
  options.settings = settings_of(flags, server);
  options.shard.pin = !flags.no_pin;
  options.shard.turn_limits.budget = std::chrono::milliseconds(flags.turn_budget_ms);
  if (flags.minimum_wait_us != 0) {
    options.shard.batching.emplace().at_most = std::chrono::microseconds(flags.minimum_wait_us);
  }
  return options;
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

std::vector<ShardSnapshot> snapshots(const Server& server) {
  std::vector<ShardSnapshot> all;
  for (std::uint32_t i = 0; i < server.shards(); ++i) all.push_back(server.snapshot(i));
  return all;
}

double seconds_between(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

// Says once a second what goes on, until a signal or the end of the duration.
void watch(const Server& server, const Flags& flags, const Signals& signals, Instant start) {
  const Instant end =
      flags.duration_s == 0 ? never : start + std::chrono::seconds(flags.duration_s);
  const bool live = !flags.json && ::isatty(STDOUT_FILENO) == 1;
  std::vector<ShardSnapshot> before = snapshots(server);
  Instant told = start;
  for (std::uint64_t second = 1;; ++second) {
    const Instant next = start + std::chrono::seconds(second);
    if (signals.wait_until(std::min(next, end)) || end < next) break;
    std::vector<ShardSnapshot> now = snapshots(server);
    const double seconds = seconds_between(told, next);
    ShardSnapshot sum_before, sum_now;
    for (const ShardSnapshot& shard : before) sum_before += shard;
    for (const ShardSnapshot& shard : now) sum_now += shard;
    if (flags.json) fmt::print("{}\n", second_json(second, before, now, seconds));
    if (live) fmt::print("\r\x1b[K{}", live_line(sum_before, sum_now, seconds));
    (void)std::fflush(stdout);
    before = std::move(now);
    told = next;
    if (next == end) break;
  }
  if (live) fmt::print("\n");
}

void announce(const Server& server, bool json) {
  if (json) {
    fmt::print("{}\n", start_json(server.listeners(), server.shards()));
  } else {
    for (const Listener& listener : server.listeners()) {
      fmt::print("sipring {} answers on {}\n", version(), listen_address_text(listener.address));
    }
    fmt::print("{} shard{}; call it:  {}\n", server.shards(), server.shards() == 1 ? "" : "s",
               sipp_line(server.listeners().front().address));
  }
  (void)std::fflush(stdout);
  for (const std::string& notice : server.notices()) fmt::print(stderr, "sipring: {}\n", notice);
}

int answer(const Flags& flags) {
  const Signals signals;  // before there are threads to inherit the mask
  const std::string name = "sipring/" + version();
  const auto options = server_options_of(flags, name);
  if (!options) {
    fmt::print(stderr, "sipring: {}\n", options.error());
    return 2;
  }
  Tallies tallies;
  auto server = Server::start(*options, [&](ShardContext& context) {
    return std::make_unique<AnswerUser>(
        answer_options_of(flags), make_endpoints(context.listeners, flags.advertise),
        context.entropy, *context.memory, [&](const AnswerTally& tally) { tallies.add(tally); });
  });
  if (!server) {
    fmt::print(stderr, "sipring: {}\n", server.error().text);
    return 1;
  }
  announce(**server, flags.json);
  const Instant start = read_clock();
  watch(**server, flags, signals, start);
  (*server)->stop();
  (*server)->join();
  const double seconds = seconds_between(start, read_clock());
  const std::vector<ShardSnapshot> all = snapshots(**server);
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
  add_overload_options(*command, *flags);
  command->add_flag("--no-pin", flags->no_pin, "do not pin shards to CPUs");
  command->add_flag("--json", flags->json, "one JSON object a second, and a summary");
  command->callback([flags, &run] { run = [flags] { return answer(*flags); }; });
}

}  // namespace sipring
