// `sipring load`: calls and requests at a chosen rate, measured from the instants at which they
// were due.
// SPDX-License-Identifier: MIT
#include "command.h"
#include "listen_address.h"
#include "signals.h"

#include <load/assertion.h>
#include <load/generator.h>
#include <load/limit_search.h>
#include <load/report.h>

#include <sipring/io/clock.h>

#include <fmt/core.h>
#include <fmt/os.h>

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sipring {
namespace {

constexpr int failed = 1;
constexpr int usage_error = 2;

struct Flags {
  std::string target;
  std::string scenario = "call";
  std::string user = "load", domain, bind;
  double rate = 100, ramp_from = 0;
  std::uint32_t ramp_s = 0;
  bool poisson = false;
  std::uint32_t concurrency = 0;
  std::uint32_t duration_s = 10, drain_s = 33;
  std::uint32_t hold_ms = 0;
  std::uint32_t threads = 0, sessions = 0;
  std::uint32_t t1_ms = 500;
  std::uint32_t minimum_wait_us = 0;
  std::uint16_t port = 0;
  bool trunk = false;
  bool no_pin = false;
  bool find_limit = false;
  double most_failures = 0.1;  // percent
  std::uint32_t most_p99_ms = 100;
  std::vector<std::string> assertions;
  std::string json;
};

const std::map<std::string, Scenario> scenarios{
    {"options", Scenario::options}, {"register", Scenario::register_}, {"call", Scenario::call}};

std::expected<GeneratorOptions, std::string> generator_options_of(const Flags& flags) {
  const auto target = parse_listen_address(flags.target);
  if (!target) return std::unexpected(target.error());
  if (!flags.bind.empty() && !parse_ip_address(flags.bind))
    return std::unexpected("--bind " + flags.bind + " is no IP address");
  GeneratorOptions options{.target = *target,
                           .bind = flags.bind,
                           .port = flags.port,
                           .trunk = flags.trunk,
                           .user = flags.user,
                           .domain = flags.domain,
                           .scenario = scenarios.at(flags.scenario),
                           .arrivals = {.rate = flags.rate,
                                        .start_rate = flags.ramp_from,
                                        .ramp = std::chrono::seconds(flags.ramp_s),
                                        .poisson = flags.poisson,
                                        .duration = std::chrono::seconds(flags.duration_s)},
                           .concurrency = flags.concurrency,
                           .hold = std::chrono::milliseconds(flags.hold_ms),
                           .threads = flags.threads,
                           .sessions = flags.sessions,
                           .timers = {},
                           .minimum_wait = std::chrono::microseconds(flags.minimum_wait_us),
                           .pin = !flags.no_pin};
  options.timers.t1 = std::chrono::milliseconds(flags.t1_ms);
  options.timers.t2 = std::max(options.timers.t1, options.timers.t2);
  return options;
}

bool is_over(const LoadResult& result, Instant now, Instant end) {
  return now >= end + std::chrono::milliseconds(400) && result.tally.outstanding == 0;
}

// One run; a line a second where somebody looks. nullopt: a signal has ended it.
class Runner {
 public:
  Runner(const Flags& flags, const Signals& signals)
      : flags_(flags), signals_(signals), live_(::isatty(STDERR_FILENO) == 1) {}

  std::expected<LoadResult, std::string> run(const GeneratorOptions& options) {
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
  [[nodiscard]] bool was_interrupted() const { return interrupted_; }

 private:
  void watch(const Generator& generator, Duration duration) {
    const Instant end = read_clock() + duration;
    const Instant last = end + std::chrono::seconds(flags_.drain_s);
    LoadResult before = generator.result();
    Instant told = read_clock();
    for (;;) {
      interrupted_ = signals_.wait_until(read_clock() + std::chrono::milliseconds(200));
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

  const Flags& flags_;
  const Signals& signals_;
  bool live_;
  bool interrupted_ = false;
  bool told_notices_ = false;
};

bool write_json(const std::string& file, const std::string& json) {
  if (file.empty()) return true;
  if (file == "-") {
    fmt::print("{}\n", json);
    return true;
  }
  std::FILE* const out = std::fopen(file.c_str(), "we");
  if (out == nullptr) return false;
  const bool written = std::fprintf(out, "%s\n", json.c_str()) > 0;
  return std::fclose(out) == 0 && written;
}

int judge(const LoadResult& result, const std::vector<Assertion>& assertions) {
  int status = 0;
  for (const Assertion& assertion : assertions) {
    const bool holds = assertion.holds(result);
    fmt::print(stderr, "{} {}: {:.3f}{}\n", holds ? "holds " : "BROKEN", assertion.text(),
               assertion.measured(result), assertion.unit());
    if (!holds) status = failed;
  }
  return status;
}

int show(const Flags& flags, const LoadResult& result, const std::vector<Assertion>& assertions) {
  const Scenario scenario = scenarios.at(flags.scenario);
  if (flags.json != "-") fmt::print("{}", load_table(result, scenario));
  for (const std::string& reason : own_limits(result))
    fmt::print(stderr, "sipring: the generator may have been the limit: {}\n", reason);
  if (!write_json(flags.json, load_json(result, scenario))) {
    fmt::print(stderr, "sipring: {} cannot be written\n", flags.json);
    return usage_error;
  }
  return judge(result, assertions);
}

int find_limit(const Flags& flags, const GeneratorOptions& base, Runner& runner) {
  std::optional<LoadResult> best;
  std::string error;
  const double limit = sipring::find_limit({.start_rate = flags.rate}, [&](double rate) {
    GeneratorOptions options = base;
    options.arrivals.rate = rate;
    const auto result = runner.run(options);
    if (!result) error = result.error();
    if (!result || runner.was_interrupted()) return false;
    const LoadTally& tally = result->tally;
    const double failures = 100 * static_cast<double>(tally.failed()) /
                            static_cast<double>(std::max<std::uint64_t>(tally.started, 1));
    const Duration p99 = tally.answer.percentile(99);
    const bool good = tally.started != 0 && failures <= flags.most_failures &&
                      p99 <= std::chrono::milliseconds(flags.most_p99_ms) &&
                      own_limits(*result).empty();
    fmt::print("{:>10.0f}/s  {:.3f} % failed  p99 {:.2f} ms  {}\n", rate, failures,
               std::chrono::duration<double, std::milli>(p99).count(),
               good ? "passed" : "not passed");
    for (const std::string& reason : own_limits(*result)) fmt::print("            ({})\n", reason);
    (void)std::fflush(stdout);
    if (good) best = *result;
    return good;
  });
  if (!error.empty()) {
    fmt::print(stderr, "sipring: {}\n", error);
    return failed;
  }
  if (!best) {
    fmt::print("no rate passed\n");
    return failed;
  }
  fmt::print("limit: {:.0f}/s\n", limit);
  return show(flags, *best, {});
}

int load(const Flags& flags) {
  const Signals signals;
  const auto options = generator_options_of(flags);
  if (!options) {
    fmt::print(stderr, "sipring: {}\n", options.error());
    return usage_error;
  }
  std::vector<Assertion> assertions;
  for (const std::string& text : flags.assertions) {
    const auto assertion = Assertion::parse(text);
    if (!assertion) {
      fmt::print(stderr, "sipring: {}\n", assertion.error());
      return usage_error;
    }
    assertions.push_back(*assertion);
  }
  Runner runner(flags, signals);
  if (flags.find_limit) return find_limit(flags, *options, runner);
  const auto result = runner.run(*options);
  if (!result) {
    fmt::print(stderr, "sipring: {}\n", result.error());
    return failed;
  }
  return show(flags, *result, assertions);
}

void add_model(CLI::App& command, Flags& flags) {
  const CLI::Range positive(1e-3, 1e7);
  CLI::Option* rate = command
                          .add_option("--rate", flags.rate,
                                      "begun a second (open model); where --find-limit starts")
                          ->check(positive)
                          ->capture_default_str();
  command.add_flag("--poisson", flags.poisson, "gaps of random length; else all alike");
  command.add_option("--ramp", flags.ramp_s, "seconds in which the rate grows from --ramp-from");
  command.add_option("--ramp-from", flags.ramp_from, "rate at the start of the ramp")
      ->check(CLI::Range(0.0, 1e7));
  command
      .add_option("--concurrency", flags.concurrency,
                  "closed model: so many at once, a new one when one ends")
      ->excludes(rate);
  command
      .add_option("--duration", flags.duration_s,
                  "seconds in which calls begin; of each step of --find-limit")
      ->check(CLI::Range(1, 31'536'000))
      ->capture_default_str();
  command.add_option("--drain", flags.drain_s, "seconds to wait for what is open then")
      ->capture_default_str();
  command.add_option("--hold", flags.hold_ms, "ms from ACK to BYE")->capture_default_str();
}

void add_verdict(CLI::App& command, Flags& flags) {
  command.add_flag("--find-limit", flags.find_limit,
                   "the highest rate that passes --failures and --p99");
  command.add_option("--failures", flags.most_failures, "percent that a rate may lose")
      ->capture_default_str();
  command.add_option("--p99", flags.most_p99_ms, "ms of response time")->capture_default_str();
  command.add_option("--assert", flags.assertions,
                     "like 'p99<20ms' or 'failures<0.1%'; may be repeated; else exit status 1");
  command.add_option("--json", flags.json, "a file for the summary; - for standard output");
}

}  // namespace

void add_load(CLI::App& program, Run& run) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.add_subcommand("load", "make calls and requests, and measure");
  command->footer(
      "Exit status: 0; 1 when an assertion does not hold or no rate passes; 2 for wrong flags.");
  command->add_option("--target", flags->target, "udp:HOST:PORT")->required();
  command->add_option("--scenario", flags->scenario, "call, options or register")
      ->check(CLI::IsMember({"call", "options", "register"}))
      ->capture_default_str();
  add_model(*command, *flags);
  add_verdict(*command, *flags);
  command->add_option("--user", flags->user, "user part of the Request-URI")->capture_default_str();
  command->add_option("--domain", flags->domain,
                      "host part of the Request-URI; the target's address");
  command->add_option("--bind", flags->bind, "own IP address");
  command
      ->add_option("--port", flags->port,
                   "own port of the first thread, the next ones are the others'; 0: any")
      ->check(CLI::Range(0, 65'280));
  command->add_flag("--trunk", flags->trunk, "a connected socket for the target");
  command->add_option("--threads", flags->threads, "0: one for each CPU")
      ->check(CLI::Range(0, 255));
  command->add_option("--sessions", flags->sessions, "open at once; 0: by rate and hold")
      ->check(CLI::Range(0, 10'000'000));
  command->add_option("--t1", flags->t1_ms, "T1 of RFC 3261 in ms")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  command
      ->add_option("--min-wait", flags->minimum_wait_us,
                   "gather messages, and calls that are due, for up to so many microseconds")
      ->check(CLI::Range(0, 100'000));
  command->add_flag("--no-pin", flags->no_pin, "do not pin threads to CPUs");
  command->callback([flags, &run] { run = [flags] { return load(*flags); }; });
}

}  // namespace sipring
