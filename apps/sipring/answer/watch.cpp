// SPDX-License-Identifier: MIT
#include <answer/watch.h>

#include "connection_report.h"

#include <answer/report.h>
#include <answer/shard_removal.h>

#include <fmt/core.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace sipring::app {
namespace {

double seconds_between(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

Metrics sum_of(const std::vector<Metrics>& shards) {
  Metrics sum;
  for (const Metrics& shard : shards) sum += shard;
  return sum;
}

bool asks_for_something(int signal) {
  return signal == SIGUSR1 || signal == SIGUSR2 || signal == SIGHUP;
}

void show_connections(Server& server, bool as_json) {
  const std::vector<ConnectionInfo> connections = server.connections();
  if (as_json) return fmt::print("{}\n", connection_list_json(connections));
  fmt::print(stderr, "{}", connection_list_text(connections));
}

}  // namespace

std::vector<Metrics> metrics_of(const Server& server) {
  std::vector<Metrics> all;
  for (std::uint32_t i = 0; i < server.shards(); ++i) all.push_back(server.metrics(i));
  return all;
}

bool is_live(const AnswerFlags& flags) {
  return !flags.json && ::isatty(STDOUT_FILENO) == 1;
}

void watch(Server& server, const AnswerFlags& flags, const Signals& signals, Instant start,
           EventLog& log, const Watched& watched) {
  const Instant end =
      flags.duration_s == 0 ? never : start + std::chrono::seconds(flags.duration_s);
  const bool live = is_live(flags);
  std::vector<Metrics> before = metrics_of(server);
  Instant told = start;
  ShardRemoval removal;
  for (std::uint64_t second = 1;; ++second) {
    const Instant next = start + std::chrono::seconds(second);
    removal.look_after(server);
    watched.certificates.look(server);
    int signal = 0;
    while (asks_for_something(signal = signals.wait_until(std::min(next, end)))) {
      if (signal == SIGUSR1) {
        removal.begin(server, std::chrono::seconds(flags.placement.patience_s));
      } else if (signal == SIGUSR2) {
        show_connections(server, flags.json);
      } else {
        watched.certificates.renew(server);
        if (watched.listeners != nullptr) watched.listeners->read_again(server);
      }
    }
    if (signal != 0 || end < next) break;
    std::vector<Metrics> now = metrics_of(server);
    const double seconds = seconds_between(told, next);
    log.observe(next, now);
    if (flags.json) fmt::print("{}\n", second_json(second, before, now, seconds));
    if (live) fmt::print("\r\x1b[K{}", live_line(sum_of(before), sum_of(now), seconds));
    (void)std::fflush(stdout);
    before = std::move(now);
    told = next;
    if (next == end) break;
  }
  if (live) fmt::print("\n");
}

}  // namespace sipring::app
