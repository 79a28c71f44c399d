// SPDX-License-Identifier: MIT
#include "command.h"
#include "command_line.h"

#include <agent/account.h>
#include <load/flags.h>
#include <names/found_target.h>
#include <names/lookup.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipring::app {
namespace {

const std::map<std::string, Scenario> scenarios{{"options", Scenario::options},
                                                {"register", Scenario::register_},
                                                {"call", Scenario::call},
                                                {"hold", Scenario::hold},
                                                {"registered", Scenario::registered},
                                                {"called", Scenario::called}};

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const auto& [name, scenario] : scenarios) names.push_back(name);
  return names;
}

ArrivalPlan arrivals_of(const LoadFlags::Model& flags) {
  return {.rate = flags.rate,
          .start_rate = flags.ramp_from,
          .ramp = std::chrono::seconds(flags.ramp_s),
          .poisson = flags.poisson,
          .duration = std::chrono::seconds(flags.duration_s)};
}

void add_model(CommandLine& command, LoadFlags::Model& flags) {
  Flag rate =
      command.add("--rate", flags.rate, "begun a second (open model); where --find-limit starts")
          .range(1e-3, 1e7)
          .show_default();
  command.add("--poisson", flags.poisson, "gaps of random length; else all alike");
  command.add("--ramp", flags.ramp_s, "seconds in which the rate grows from --ramp-from");
  command.add("--ramp-from", flags.ramp_from, "rate at the start of the ramp").range(0.0, 1e7);
  command
      .add("--concurrency", flags.concurrency,
           "closed model: so many at once, a new one when one ends")
      .excludes(rate);
  command
      .add("--duration", flags.duration_s,
           "seconds in which calls begin; of each step of --find-limit")
      .range(1, 31'536'000)
      .show_default();
  command.add("--drain", flags.drain_s, "seconds to wait for what is open then").show_default();
  command.add("--hold", flags.hold_ms, "ms from ACK to BYE, or to the next re-INVITE")
      .show_default();
}

void add_phones(CommandLine& command, LoadFlags::Phones& flags) {
  command
      .add("--expires", flags.expires_s,
           "of registered and called: seconds that registrations ask for")
      .range(1, 604'800)
      .show_default();
  command.add("--ring", flags.ring_ms, "of these: ms before a phone answers")
      .range(0, 180'000)
      .show_default();
}

void add_verdict(CommandLine& command, LoadFlags::Verdict& flags) {
  command.add("--find-limit", flags.find_limit,
              "the highest rate that passes --failures and --p99");
  command.add("--failures", flags.most_failures, "percent that a rate may lose").show_default();
  command.add("--p99", flags.most_p99_ms, "ms of response time").show_default();
  command.add("--assert", flags.assertions,
              "like 'p99<20ms' or 'failures<0.1%'; may be repeated; else exit status 1");
  command.add_may_be_empty(
      "--json",
      [&flags](const std::string& file) {
        flags.json = file;
        return file.empty() ? "--json needs a file for the summary, or - for standard output" : "";
      },
      "FILE", "a file for the summary; - for standard output");
}

void add_addresses(CommandLine& command, LoadFlags::Addresses& flags) {
  command.add("--user", flags.user, "user part of the Request-URI; the target's, or load");
  command.add("--domain", flags.domain,
              "host part of the Request-URI; the target's name, or its address");
  command.add("--dns", flags.dns, "HOST:PORT of a name server; those of the system");
  command.add("--auth", flags.auth, "USER:PASSWORD, with which challenges are answered");
  command.add("--bind", flags.bind, "own IP address");
  command
      .add("--port", flags.port,
           "own port of the first thread, the next ones are the others'; 0: any")
      .range(0, 65'280);
  command.add("--trunk", flags.trunk,
              "a connected socket for the target; of a name, for the first one");
}

void add_streams(CommandLine& command, LoadFlags::Streams& flags) {
  command
      .add("--connections", flags.connections,
           "kept open by tcp, tls, ws and wss, and used in turn; 0: each session opens its own; of "
           "registered and called: so many phones, by udp too")
      .range(0, 1'000'000)
      .show_default();
  add_flags(command, flags.tls);
  command.add("--no-resume", flags.no_resume, "a whole TLS handshake for each connection");
  command.add("--resource", flags.resource, "of WebSockets: the path that is asked for")
      .show_default();
  command.add("--origin", flags.origin, "of WebSockets: the Origin that is told; none");
}

void add_threads(CommandLine& command, LoadFlags::Threads& flags) {
  command.add("--threads", flags.threads, "0: one for each CPU").range(0, 255);
  command.add("--sessions", flags.sessions, "open at once; 0: by rate and hold")
      .range(0, 10'000'000);
  command.add("--t1", flags.t1_ms, "T1 of RFC 3261 in ms").range(1, 60'000).show_default();
  command
      .add("--min-wait", flags.minimum_wait_us,
           "gather messages, and calls that are due, for up to so many microseconds")
      .range(0, 100'000);
  command.add("--prefault", flags.prefault,
              "touch all memory before the first call, so that none waits for it");
  command.add("--no-pin", flags.no_pin, "do not pin threads to CPUs");
}

}  // namespace

// In the order of --help.
void add_flags(CommandLine& command, LoadFlags& flags) {
  command
      .add("--target", flags.target,
           "TRANSPORT:HOST:PORT (udp, tcp, tls, ws, wss) or a sip or sips URI; of a name all "
           "targets are tried in turn")
      .required();
  command
      .add("--scenario", flags.scenario,
           "call, hold (a call with two re-INVITEs), options, register, registered (phones "
           "register, and call each other) or called (they register, and take calls)")
      .one_of(scenario_names())
      .show_default();
  add_model(command, flags.model);
  add_phones(command, flags.phones);
  add_verdict(command, flags.verdict);
  add_addresses(command, flags.addresses);
  add_streams(command, flags.streams);
  add_threads(command, flags.threads);
}

void add_load(Program& program) {
  auto flags = std::make_shared<LoadFlags>();
  CommandLine command = program.add_command("load", "make calls and requests, and measure",
                                            [flags] { return load(*flags); });
  command.footer(
      "Exit status: 0; 1 when all that was begun failed, an assertion does not hold or no rate "
      "passes;\n2 for wrong flags.");
  add_flags(command, *flags);
}

Scenario scenario_of(const LoadFlags& flags) {
  return scenarios.at(flags.scenario);
}

std::expected<GeneratorOptions, std::string> generator_options_of(const LoadFlags& flags) {
  const auto& [user, domain, auth, bind, dns, port, trunk] = flags.addresses;
  const auto account = account_of(auth);
  if (!account) return std::unexpected(account.error());
  const auto own = parse_ip_address(bind);
  if (!bind.empty() && !own) return std::unexpected("--bind " + bind + " is no IP address");
  TargetLookup lookup;
  if (own) lookup.family = own->family;
  const auto server = name_server_of(dns);
  if (!server) return std::unexpected(server.error());
  lookup.server = *server;
  const auto target = find_target(flags.target, lookup);
  if (!target) return std::unexpected(target.error());
  const bool is_named = !target->name.empty();
  if (trunk && target->addresses.front().transport != Transport::udp)
    return std::unexpected("--trunk is for udp: a connection has a socket of its own anyway");
  const bool phones = has_phones(scenario_of(flags));
  if (phones && flags.streams.connections == 0)
    return std::unexpected("--connections 0: a phone keeps the connection that it registers over");
  auto tls = client_tls_of(flags.streams.tls);
  if (!tls) return std::unexpected(tls.error());
  tls->domain = domain;  // of a server that an address alone names
  tls->resumes = !flags.streams.no_resume;
  GeneratorOptions options{.target = target->addresses.front(),
                           .name = trunk ? "" : target->name,  // a socket is connected to one
                           .name_server = lookup.server,
                           .leads_to = is_named ? to_text(*target) : "",
                           .bind = bind,
                           .port = port,
                           .trunk = trunk,
                           .connections = flags.streams.connections,
                           .tls = std::move(*tls),
                           .websocket = {flags.streams.resource, flags.streams.origin},
                           .user = !user.empty()           ? user
                                   : !target->user.empty() ? target->user
                                                           : "load",
                           .domain = domain.empty() && is_named ? target->host : domain,
                           .is_sips = target->is_sips,
                           .account = *account,
                           .scenario = scenario_of(flags),
                           .arrivals = arrivals_of(flags.model),
                           .concurrency = flags.model.concurrency,
                           .hold = std::chrono::milliseconds(flags.model.hold_ms),
                           .phones = phones ? flags.streams.connections : 0,
                           .expires_s = flags.phones.expires_s,
                           .rings = std::chrono::milliseconds(flags.phones.ring_ms),
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
