// SPDX-License-Identifier: MIT
#include <load/runner.h>

#include <load/report.h>

#include <sipring/io/clock.h>

#include <fmt/core.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <utility>
#include <vector>

namespace sipring::app {
namespace {

bool is_over(const LoadResult& result, Instant now, Instant end) {
  const bool is_idle = result.tally.outstanding == 0 && result.tally.phones.open == 0;
  return now >= end + std::chrono::milliseconds(400) && is_idle;
}

// Of the busiest thread.
double share_of_cpu(const std::vector<Generator::CpuTime>& from,
                    const std::vector<Generator::CpuTime>& to) {
  double most = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const Duration passed = to[i].taken - from[i].taken, used = to[i].used - from[i].used;
    if (passed > Duration{}) most = std::max(most, std::chrono::duration<double>(used) / passed);
  }
  return most;
}

}  // namespace

Runner::Runner(const Signals& signals, Duration drain)
    : signals_(signals), drain_(drain), live_(::isatty(STDERR_FILENO) == 1) {}

std::expected<LoadResult, std::string> Runner::run(const GeneratorOptions& options) {
  auto started = Generator::start(options);
  if (!started) return std::unexpected(started.error());
  Generator& generator = **started;
  if (!std::exchange(told_notices_, true)) {
    for (const std::string& notice : generator.notices())
      fmt::print(stderr, "sipring: {}\n", notice);
  }
  if (options.phones != 0) settle(generator);
  if (!interrupted_) watch(generator, options.arrivals.duration);
  generator.stop();
  LoadResult result = generator.result();
  result.busy = busy_;
  return result;
}

void Runner::settle(Generator& generator) {
  while (!interrupted_ && generator.result().tally.phones.pending != 0) {
    interrupted_ = signals_.wait_until(read_clock() + std::chrono::milliseconds(20)) != 0;
  }
  generator.begin();
  const PhoneTally phones = generator.result().tally.phones;
  fmt::print(stderr, "sipring: {} of {} phones are registered\n", phones.registered, phones.phones);
}

void Runner::watch(const Generator& generator, Duration duration) {
  const Instant end = read_clock() + duration;
  const Instant last = end + drain_;
  LoadResult before = generator.result();
  Instant told = read_clock();
  const auto cpu = generator.cpu_times();
  bool begins_more = true;
  for (;;) {
    interrupted_ = signals_.wait_until(read_clock() + std::chrono::milliseconds(200)) != 0;
    const LoadResult now = generator.result();
    if (live_ && read_clock() - told >= std::chrono::seconds(1)) {
      fmt::print(stderr, "\r\x1b[K{}", load_line(before, now));
      before = now;
      told = read_clock();
    }
    if (begins_more && (interrupted_ || read_clock() >= end)) {
      busy_ = share_of_cpu(cpu, generator.cpu_times());
      begins_more = false;
    }
    if (interrupted_ || read_clock() >= last || is_over(now, read_clock(), end)) break;
  }
  if (live_) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace sipring::app
