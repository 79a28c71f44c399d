// SPDX-License-Identifier: MIT
#include "command.h"
#include "command_line.h"

#include <answer/config_file.h>
#include <answer/flags.h>

#include <memory>

namespace sipring::app {
namespace {

// First of all: what else stands on the command line is set after it, and counts.
void add_config(CommandLine& command, AnswerFlags& flags) {
  command.add_read(
      "--config",
      [&flags](const std::string& file) {
        if (auto taken = take_config(file, flags); !taken) flags.config_error = taken.error();
        return std::string();
      },
      "a TOML file of listeners, timers, limits and who may call; flags beside it count more");
}

void add_sockets(CommandLine& command, AnswerFlags::Sockets& flags) {
  command
      .add("--listen", flags.listen,
           "udp:HOST:PORT, tcp:, tls:, ws: or wss:; may be repeated; "
           "tls:HOST:PORT?cert=FILE&key=FILE")
      .show_default();
  command.add("--listen-file", flags.listen_file,
              "more of them, one a line; SIGHUP opens what is new in it and closes what is "
              "gone from it");
  command.add("--trunk", flags.trunks,
              "udp:HOST:PORT of a peer with much traffic, which gets a socket of its own");
}

void add_sizes(CommandLine& command, AnswerFlags::Sizes& flags) {
  command.add("--shards", flags.shards, "threads; 0: one for each CPU").range(0, 255);
  command
      .add("--transactions", flags.transactions,
           "alive at once, in each shard; 0: by the memory of the machine")
      .range(0, 16'777'216);
  command.add("--calls", flags.calls, "calls at once, in each shard; 0: as many as transactions")
      .range(0, 16'777'216);
  command
      .add("--message-bytes", flags.message_bytes, "the largest message; what is larger gets 513")
      .range(512, 65'535)
      .show_default();
}

void add_timing(CommandLine& command, AnswerFlags::Timing& flags) {
  command.add("--t1", flags.t1_ms, "T1 of RFC 3261 in ms").range(1, 60'000).show_default();
  command.add("--t2", flags.t2_ms, "T2 in ms").range(1, 600'000).show_default();
  command.add("--t4", flags.t4_ms, "T4 in ms").range(1, 600'000).show_default();
  command
      .add("--jitter", flags.jitter_per_mille,
           "waits before retransmissions are longer by up to so many thousandths")
      .range(0, 1'000);
  command
      .add("--min-wait", flags.minimum_wait_us,
           "gather messages for up to so many microseconds before waking; 0: do not")
      .range(0, 100'000);
}

void add_answers(CommandLine& command, AnswerFlags::Answers& flags) {
  command.add("--advertise", flags.advertise, "host in Contact and Via");
  command.add("--retry-after", flags.retry_after_s, "seconds that a 503 asks for")
      .range(0, 86'400)
      .show_default();
  command.add("--media-port", flags.media_port, "audio port in session descriptions")
      .range(1, 65'535)
      .show_default();
  command
      .add("--keep-alive", flags.keep_alive_s,
           "seconds between keep-alives of callers who offer them; 0: as they like")
      .range(0, 65'535);
  command.add("--strict", flags.strict,
              "what the grammar does not allow gets 400, though it could be understood");
  command.add("--auth", flags.auth,
              "a file of user:password or user:realm:HA1 lines; others are challenged");
  command.add("--realm", flags.realm, "of the challenges; else that of FILE, or sipring");
  command.add("--stateless-dialogs", flags.stateless_dialogs,
              "remember calls until their ACK only: cheap, and blind to what follows it");
}

void add_watching(CommandLine& command, AnswerFlags& flags) {
  command.add("--duration", flags.duration_s, "end after so many seconds; 0: on a signal")
      .range(0, 31'536'000);
  command
      .add("--farewell", flags.farewell_s,
           "seconds for BYEs to the calls that are there when it ends; 0: none, at once")
      .range(0, 3'600)
      .show_default();
  command.add("--metrics", flags.metrics, "HOST:PORT where Prometheus finds metrics, at /metrics");
  command.add("--log-level", flags.log.level, "debug, info, warning, error or off")
      .one_of({"debug", "info", "warning", "error", "off"})
      .show_default();
  command.add("--log-file", flags.log.file, "where log lines go; else to stderr");
}

void add_placement(CommandLine& command, AnswerFlags::Placement& flags) {
  Flag no_pin = command.add("--no-pin", flags.no_pin, "do not pin shards to CPUs");
  command.add("--cpus", flags.cpus, "the shards' CPUs, as in 2,3")
      .comma_separated()
      .range(0, 1'023)
      .excludes(no_pin);
  command.add("--nice", flags.nice, "nice level of the shards' threads").range(-20, 19);
  command.add("--numa", flags.numa, "memory from the node of each shard's CPU alone")
      .excludes(no_pin);
  command.add("--prefault", flags.prefault,
              "touch all memory at start, so that no message waits for it");
  command.add<Steer>(
      "--steering", flags.steer,
      {{"auto", Steer::automatic}, {"kernel", Steer::kernel}, {"handover", Steer::hand_over}},
      "who brings a call to its shard: auto, kernel (eBPF), handover");
  command
      .add("--patience", flags.patience_s,
           "SIGUSR1 stops one shard, after so many seconds at most for its calls to end")
      .range(0, 86'400)
      .show_default();
}

void add_overload(CommandLine& command, AnswerFlags::Overload& flags) {
  command
      .add("--source-rate", flags.settings.source_rate,
           "new requests a second from one address; 0: no limit")
      .range(0, 1'000'000);
  command
      .add("--source-transactions", flags.settings.source_transactions,
           "transactions alive from one address; 0: no limit")
      .range(0, 16'777'216);
  command
      .add("--turn-budget", flags.turn_budget_ms,
           "ms of work after which an overloaded shard refuses the rest; 0: never")
      .range(0, 10'000)
      .show_default();
  command
      .add("--overload-control", flags.control,
           "tell clients how much to send (RFC 7339): loss, or rate for those that know it")
      .one_of({"loss", "rate"});
  command
      .add("--remember-at-least", flags.remember_at_least_ms,
           "ms that answered transactions are remembered at least where there is no room for new "
           "ones; 0: till their end; else by T1 and T2")
      .range(0, 3'600'000);
  command
      .add("--work", flags.work_us,
           "a test aid: microseconds of CPU spent on each request, as an application would")
      .range(0, 1'000'000);
}

// A flag; whoever gives it a file, as load's, is told so.
void add_json(CommandLine& command, bool& json) {
  command.add_may_be_empty(
      "--json",
      [&json](const std::string& file) {
        json = file.empty();
        return json ? file
                    : "--json takes no " + file +
                          ": answer writes to standard output "
                          "(answer --json > FILE)";
      },
      "", "one JSON object a second, and a summary");
}

}  // namespace

// In the order of --help.
void add_flags(CommandLine& command, AnswerFlags& flags) {
  add_config(command, flags);
  add_sockets(command, flags.sockets);
  add_sizes(command, flags.sizes);
  add_timing(command, flags.timing);
  add_answers(command, flags.answers);
  add_watching(command, flags);
  add_placement(command, flags.placement);
  add_overload(command, flags.overload);
  add_json(command, flags.json);
}

void add_answer(Program& program) {
  auto flags = std::make_shared<AnswerFlags>();
  CommandLine command = program.add_command("answer", "answer every call and request",
                                            [flags] { return answer(*flags); });
  command.footer(
      "The user part of the Request-URI chooses: ring (200 after 5 s), busy (486), decline "
      "(603),\nsilent (no final response); any other is answered at once.");
  add_flags(command, *flags);
}

}  // namespace sipring::app
