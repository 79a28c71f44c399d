// SPDX-License-Identifier: MIT
#include "command.h"

#include <answer/flags.h>

#include <CLI/CLI.hpp>

#include <map>
#include <memory>

namespace sipring::app {
namespace {

void add_sockets(CLI::App& command, AnswerFlags::Sockets& flags) {
  command.add_option("--listen", flags.listen, "udp:HOST:PORT, tcp: or ws:; may be repeated")
      ->capture_default_str();
  command.add_option("--listen-file", flags.listen_file,
                     "more of them, one a line; SIGHUP opens what is new in it and closes what is "
                     "gone from it");
  command.add_option("--trunk", flags.trunks,
                     "udp:HOST:PORT of a peer with much traffic, which gets a socket of its own");
}

void add_sizes(CLI::App& command, AnswerFlags::Sizes& flags) {
  command.add_option("--shards", flags.shards, "threads; 0: one for each CPU")
      ->check(CLI::Range(0, 255));
  command.add_option("--transactions", flags.transactions, "alive at once, in each shard")
      ->check(CLI::Range(1U, 16'777'216U))
      ->capture_default_str();
  command
      .add_option("--calls", flags.calls,
                  "calls without an ACK at once, in each shard; 0: as many as transactions")
      ->check(CLI::Range(0U, 16'777'216U));
}

void add_timing(CLI::App& command, AnswerFlags::Timing& flags) {
  command.add_option("--t1", flags.t1_ms, "T1 of RFC 3261 in ms")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  command.add_option("--t2", flags.t2_ms, "T2 in ms")
      ->check(CLI::Range(1, 600'000))
      ->capture_default_str();
  command.add_option("--t4", flags.t4_ms, "T4 in ms")
      ->check(CLI::Range(1, 600'000))
      ->capture_default_str();
  command
      .add_option("--jitter", flags.jitter_per_mille,
                  "waits before retransmissions are longer by up to so many thousandths")
      ->check(CLI::Range(0, 1'000));
  command
      .add_option("--min-wait", flags.minimum_wait_us,
                  "gather messages for up to so many microseconds before waking; 0: do not")
      ->check(CLI::Range(0, 100'000));
}

void add_answers(CLI::App& command, AnswerFlags::Answers& flags) {
  command.add_option("--advertise", flags.advertise, "host in Contact and Via");
  command.add_option("--retry-after", flags.retry_after_s, "seconds that a 503 asks for")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  command.add_option("--media-port", flags.media_port, "audio port in session descriptions")
      ->check(CLI::Range(1, 65'535))
      ->capture_default_str();
  CLI::Option* auth =
      command.add_option("--auth", flags.auth,
                         "a file of user:password or user:realm:HA1 lines; others are challenged");
  command.add_option("--realm", flags.realm, "of the challenges; else that of FILE, or sipring")
      ->needs(auth);
}

void add_watching(CLI::App& command, AnswerFlags& flags) {
  command.add_option("--duration", flags.duration_s, "end after so many seconds; 0: on a signal")
      ->check(CLI::Range(0, 31'536'000));
  command.add_option("--metrics", flags.metrics,
                     "HOST:PORT where Prometheus finds metrics, at /metrics");
  command.add_option("--log-level", flags.log.level, "debug, info, warning, error or off")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->capture_default_str();
  command.add_option("--log-file", flags.log.file, "where log lines go; else to stderr");
}

void add_placement(CLI::App& command, AnswerFlags::Placement& flags) {
  CLI::Option* no_pin = command.add_flag("--no-pin", flags.no_pin, "do not pin shards to CPUs");
  command.add_option("--cpus", flags.cpus, "the shards' CPUs, as in 2,3")
      ->delimiter(',')
      ->check(CLI::Range(0, 1'023))
      ->excludes(no_pin);
  command.add_option("--nice", flags.nice, "nice level of the shards' threads")
      ->check(CLI::Range(-20, 19));
  command.add_flag("--numa", flags.numa, "memory from the node of each shard's CPU alone")
      ->excludes(no_pin);
  command.add_flag("--prefault", flags.prefault,
                   "touch all memory at start, so that no message waits for it");
  command
      .add_option("--steering", flags.steer,
                  "who brings a call to its shard: auto, kernel (eBPF), handover")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Steer>{
          {"auto", Steer::automatic}, {"kernel", Steer::kernel}, {"handover", Steer::hand_over}}));
  command
      .add_option("--patience", flags.patience_s,
                  "SIGUSR1 stops one shard, after so many seconds at most for its calls to end")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
}

void add_overload(CLI::App& command, AnswerFlags::Overload& flags) {
  command
      .add_option("--source-rate", flags.settings.source_rate,
                  "new requests a second from one address; 0: no limit")
      ->check(CLI::Range(0U, 1'000'000U));
  command
      .add_option("--source-transactions", flags.settings.source_transactions,
                  "transactions alive from one address; 0: no limit")
      ->check(CLI::Range(0U, 16'777'216U));
  command
      .add_option("--turn-budget", flags.turn_budget_ms,
                  "ms of work after which an overloaded shard refuses the rest; 0: never")
      ->check(CLI::Range(0, 10'000))
      ->capture_default_str();
  command
      .add_option("--overload-control", flags.control,
                  "tell clients how much to send (RFC 7339): loss, or rate for those that know it")
      ->check(CLI::IsMember({"loss", "rate"}));
  command
      .add_option("--work", flags.work_us,
                  "a test aid: microseconds of CPU spent on each request, as an application would")
      ->check(CLI::Range(0, 1'000'000));
}

// A flag; whoever gives it a file, as load's, is told so.
void add_json(CLI::App& command, bool& json) {
  command
      .add_option_function<std::string>(
          "--json",
          [&json](const std::string& file) {
            if (!file.empty()) {
              throw CLI::ValidationError(
                  "--json takes no " + file +
                  ": answer writes to standard output (answer --json > FILE)");
            }
            json = true;
          },
          "one JSON object a second, and a summary")
      ->type_name("")
      ->expected(0, 1);
}

}  // namespace

// In the order of --help.
void add_flags(CLI::App& command, AnswerFlags& flags) {
  add_sockets(command, flags.sockets);
  add_sizes(command, flags.sizes);
  add_timing(command, flags.timing);
  add_answers(command, flags.answers);
  add_watching(command, flags);
  add_placement(command, flags.placement);
  add_overload(command, flags.overload);
  add_json(command, flags.json);
}

void add_answer(CLI::App& program, Run& run) {
  auto flags = std::make_shared<AnswerFlags>();
  CLI::App* command = program.add_subcommand("answer", "answer every call and request");
  command->footer(
      "The user part of the Request-URI chooses: ring (200 after 5 s), busy (486), decline "
      "(603),\nsilent (no final response); any other is answered at once.");
  add_flags(*command, *flags);
  command->callback([flags, &run] { run = [flags] { return answer(*flags); }; });
}

}  // namespace sipring::app
