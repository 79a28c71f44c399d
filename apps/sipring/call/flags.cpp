// SPDX-License-Identifier: MIT
#include "command.h"

#include <call/flags.h>

#include <CLI/CLI.hpp>

#include <memory>

namespace sipring::app {

// In the order of --help.
void add_flags(CLI::App& command, CallFlags& flags) {
  command.add_option("--listen", flags.listen, "udp:HOST:PORT; may be repeated; port 0: any")
      ->capture_default_str();
  command.add_option("--advertise", flags.advertise, "host in Contact and Via");
  command.add_option("--from", flags.from, "our address, as sip:alice@example.com");
  command.add_option("--auth", flags.auth, "USER:PASSWORD, with which challenges are answered");
  command.add_option("--outbound", flags.outbound,
                     "udp:HOST:PORT, where each call goes, whatever its URI says");
  command.add_flag("--auto-answer", flags.answers, "answer each call at once");
  command.add_option("--media-port", flags.media_port, "audio port in session descriptions")
      ->check(CLI::Range(1, 65'535))
      ->capture_default_str();
  command.add_option("--calls", flags.calls, "at once")
      ->check(CLI::Range(1, 65'536))
      ->capture_default_str();
  command.add_option("--expect", flags.expectations,
                     "EVENT or EVENT=STATUS that must come; may be repeated, in their order: quits "
                     "with the last one");
  command.add_option("--timeout", flags.timeout_s, "seconds until it quits; 0: never")
      ->check(CLI::Range(0, 31'536'000));
  command.add_option("--patience", flags.patience_s, "seconds for the calls to end when it quits")
      ->check(CLI::Range(0, 3'600))
      ->capture_default_str();
}

void add_call(CLI::App& program, Run& run) {
  auto flags = std::make_shared<CallFlags>();
  CLI::App* command = program.add_subcommand("call", "a softphone for scripts");
  command->footer(
      "Commands on standard input, a line each: call URI, answer, reject [CODE], hold, resume,\n"
      "dtmf DIGITS, hangup, each with the number of a call behind it, if not the newest is meant;\n"
      "wait EVENT, pause SECONDS, quit. Events on standard output, a line of JSON each.\n"
      "Exit status: 0; 1 when an expectation was not met or a call did not end; 2 for wrong "
      "flags.");
  add_flags(*command, *flags);
  command->callback([flags, &run] { run = [flags] { return call(*flags); }; });
}

}  // namespace sipring::app
