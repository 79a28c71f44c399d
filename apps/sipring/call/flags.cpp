// SPDX-License-Identifier: MIT
#include "command.h"
#include "command_line.h"

#include <call/flags.h>

#include <memory>

namespace sipring::app {

// In the order of --help.
void add_flags(CommandLine& command, CallFlags& flags) {
  command
      .add("--listen", flags.listen,
           "udp:HOST:PORT, tcp:, tls:, ws: or wss:; may be repeated; port 0: any")
      .show_default();
  command.add("--advertise", flags.advertise, "host in Contact and Via");
  command.add("--from", flags.from, "our address, as sip:alice@example.com");
  command.add("--auth", flags.auth, "USER:PASSWORD, with which challenges are answered");
  command.add("--outbound", flags.outbound,
              "TRANSPORT:HOST:PORT or a URI, where each call goes, whatever its own says");
  command.add("--dns", flags.dns, "HOST:PORT of a name server; those of the system");
  add_flags(command, flags.tls);
  command.add("--auto-answer", flags.answers, "answer each call at once");
  command.add("--media-port", flags.media_port, "audio port in session descriptions")
      .range(1, 65'535)
      .show_default();
  command.add("--keep-alive", flags.keeps_alive,
              "offer keep-alives, and send them where they are wanted");
  command.add("--calls", flags.calls, "at once").range(1, 65'536).show_default();
  command.add("--expect", flags.expectations,
              "EVENT or EVENT=STATUS that must come; may be repeated, in their order: quits "
              "with the last one");
  command.add("--timeout", flags.timeout_s, "seconds until it quits; 0: never")
      .range(0, 31'536'000);
  command.add("--patience", flags.patience_s, "seconds for the calls to end when it quits")
      .range(0, 3'600)
      .show_default();
}

void add_call(Program& program) {
  auto flags = std::make_shared<CallFlags>();
  CommandLine command =
      program.add_command("call", "a softphone for scripts", [flags] { return call(*flags); });
  command.footer(
      "Commands on standard input, a line each: call URI, answer, reject [CODE], hold, resume,\n"
      "dtmf DIGITS, hangup, each with the number of a call behind it, if not the newest is meant;\n"
      "wait EVENT, pause SECONDS, quit. Events on standard output, a line of JSON each.\n"
      "Exit status: 0; 1 when an expectation was not met or a call did not end; 2 for wrong "
      "flags.");
  add_flags(command, *flags);
}

}  // namespace sipring::app
