// SPDX-License-Identifier: MIT
#include "command.h"
#include "listen_address.h"

#include <agent/account.h>
#include <load/flags.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>

namespace sipring::app {
namespace {

const std::map<std::string, Scenario> scenarios{
    {"options", Scenario::options}, {"register", Scenario::register_}, {"call", Scenario::call}};

ArrivalPlan arrivals_of(const LoadFlags::Model& flags) {
  return {.rate = flags.rate,
          .start_rate = flags.ramp_from,
          .ramp = std::chrono::seconds(flags.ramp_s),
          .poisson = flags.poisson,
          .duration = std::chrono::seconds(flags.duration_s)};
}

void add_model(CLI::App& command, LoadFlags::Model& flags) {
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

void add_verdict(CLI::App& command, LoadFlags::Verdict& flags) {
  command.add_flag("--find-limit", flags.find_limit,
                   "the highest rate that passes --failures and --p99");
  command.add_option("--failures", flags.most_failures, "percent that a rate may lose")
      ->capture_default_str();
  command.add_option("--p99", flags.most_p99_ms, "ms of response time")->capture_default_str();
  command.add_option("--assert", flags.assertions,
                     "like 'p99<20ms' or 'failures<0.1%'; may be repeated; else exit status 1");
  command
      .add_option_function<std::string>(
          "--json",
          [&flags](const std::string& file) {
            if (file.empty()) {
              throw CLI::ValidationError(
                  "--json needs a file for the summary, or - for standard output");
            }
            flags.json = file;
          },
          "a file for the summary; - for standard output")
      ->type_name("FILE")
      ->expected(0, 1);
}

void add_addresses(CLI::App& command, LoadFlags::Addresses& flags) {
  command.add_option("--user", flags.user, "user part of the Request-URI")->capture_default_str();
  command.add_option("--domain", flags.domain,
                     "host part of the Request-URI; the target's address");
  command.add_option("--auth", flags.auth, "USER:PASSWORD, with which challenges are answered");
  command.add_option("--bind", flags.bind, "own IP address");
  command
      .add_option("--port", flags.port,
                  "own port of the first thread, the next ones are the others'; 0: any")
      ->check(CLI::Range(0, 65'280));
  command.add_flag("--trunk", flags.trunk, "a connected socket for the target");
}

void add_threads(CLI::App& command, LoadFlags::Threads& flags) {
  command.add_option("--threads", flags.threads, "0: one for each CPU")->check(CLI::Range(0, 255));
  command.add_option("--sessions", flags.sessions, "open at once; 0: by rate and hold")
      ->check(CLI::Range(0, 10'000'000));
  command.add_option("--t1", flags.t1_ms, "T1 of RFC 3261 in ms")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  command
      .add_option("--min-wait", flags.minimum_wait_us,
                  "gather messages, and calls that are due, for up to so many microseconds")
      ->check(CLI::Range(0, 100'000));
  command.add_flag("--prefault", flags.prefault,
                   "touch all memory before the first call, so that none waits for it");
  command.add_flag("--no-pin", flags.no_pin, "do not pin threads to CPUs");
}

}  // namespace

// In the order of --help.
void add_flags(CLI::App& command, LoadFlags& flags) {
  command
      .add_option("--target", flags.target,
                  "udp:HOST:PORT; a name is looked up once, at start, for IPv4 before IPv6")
      ->required();
  command.add_option("--scenario", flags.scenario, "call, options or register")
      ->check(CLI::IsMember({"call", "options", "register"}))
      ->capture_default_str();
  add_model(command, flags.model);
  add_verdict(command, flags.verdict);
  add_addresses(command, flags.addresses);
  add_threads(command, flags.threads);
}

void add_load(CLI::App& program, Run& run) {
  auto flags = std::make_shared<LoadFlags>();
  CLI::App* command = program.add_subcommand("load", "make calls and requests, and measure");
  command->footer(
      "Exit status: 0; 1 when all that was begun failed, an assertion does not hold or no rate "
      "passes;\n2 for wrong flags.");
  add_flags(*command, *flags);
  command->callback([flags, &run] { run = [flags] { return load(*flags); }; });
}

Scenario scenario_of(const LoadFlags& flags) {
  return scenarios.at(flags.scenario);
}

std::expected<GeneratorOptions, std::string> generator_options_of(const LoadFlags& flags) {
  const auto& [user, domain, auth, bind, port, trunk] = flags.addresses;
  const auto account = account_of(auth);
  if (!account) return std::unexpected(account.error());
  const auto own = parse_ip_address(bind);
  if (!bind.empty() && !own) return std::unexpected("--bind " + bind + " is no IP address");
  const auto target = resolve_target(flags.target, own ? std::optional(own->family) : std::nullopt);
  if (!target) return std::unexpected(target.error());
  GeneratorOptions options{.target = *target,
                           .bind = bind,
                           .port = port,
                           .trunk = trunk,
                           .user = user,
                           .domain = domain,
                           .account = *account,
                           .scenario = scenario_of(flags),
                           .arrivals = arrivals_of(flags.model),
                           .concurrency = flags.model.concurrency,
                           .hold = std::chrono::milliseconds(flags.model.hold_ms),
                           .threads = flags.threads.threads,
                           .sessions = flags.threads.sessions,
                           .timers = {},
                           .minimum_wait = std::chrono::microseconds(flags.threads.minimum_wait_us),
                           .prefault = flags.threads.prefault,
                           .pin = !flags.threads.no_pin};
  options.timers.t1 = std::chrono::milliseconds(flags.threads.t1_ms);
  options.timers.t2 = std::max(options.timers.t1, options.timers.t2);
  return options;
}

}  // namespace sipring::app
