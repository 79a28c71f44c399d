// The sipring command: its subcommands are files beside this one.
// SPDX-License-Identifier: MIT
#include "command.h"
#include "command_line.h"
#include "exit_status.h"
#include "tls_memory.h"
#include "version.h"

#include <exception>

namespace app = sipring::app;

int main(int argc, char** argv) try {
  (void)app::give_tls_its_memory();  // without it TLS works as well
  app::Program program("sipring: a SIP engine", "sipring", app::version());
  app::add_answer(program);
#ifndef SIPRING_ANSWER_ALONE
  app::add_call(program);
  app::add_load(program);
  app::add_check(program);
  app::add_capacity(program);
#endif
  return program.run(argc, argv);
} catch (const std::exception& error) {
  return app::complain(error.what(), app::failed);
}
