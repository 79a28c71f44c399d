// SPDX-License-Identifier: MIT
#include <load/runner.h>

#include <load/report.h>

#include <sipring/io/clock.h>

#include <fmt/core.h>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

namespace sipring::app {
namespace {

bool is_over(const LoadResult& result, Instant now, Instant end) {
  return now >= end + std::chrono::milliseconds(400) && result.tally.outstanding == 0;
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
  watch(generator, options.arrivals.duration);
  generator.stop();
  return generator.result();
}

void Runner::watch(const Generator& generator, Duration duration) {
  const Instant end = read_clock() + duration;
  const Instant last = end + drain_;
  LoadResult before = generator.result();
  Instant told = read_clock();
  for (;;) {
    interrupted_ = signals_.wait_until(read_clock() + std::chrono::milliseconds(200)) != 0;
    const LoadResult now = generator.result();
    if (live_ && read_clock() - told >= std::chrono::seconds(1)) {
      fmt::print(stderr, "\r\x1b[K{}", load_line(before, now));
      before = now;
      told = read_clock();
    }
    if (interrupted_ || read_clock() >= last || is_over(now, read_clock(), end)) break;
  }
  if (live_) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace sipring::app
