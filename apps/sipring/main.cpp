// The sipring command: its subcommands are files beside this one.
// SPDX-License-Identifier: MIT
#include "command.h"
#include "exit_status.h"
#include "version.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

namespace app = sipring::app;

int main(int argc, char** argv) try {
  CLI::App program("sipring: a SIP engine", "sipring");
  program.set_version_flag("--version", "sipring " + app::version());
  program.require_subcommand(1);
  app::Run run;
  app::add_answer(program, run);
  app::add_call(program, run);
  app::add_load(program, run);
  app::add_check(program, run);
  app::add_capacity(program, run);
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return program.exit(asked);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "sipring: {} (sipring --help shows what there is)\n", error.what());
    return app::usage_error;
  }
  return run();
} catch (const std::exception& error) {
  return app::complain(error.what(), app::failed);
}
