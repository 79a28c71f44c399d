// SPDX-License-Identifier: MIT
#include "tests/simulation/broken.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace sipring::simulation {
namespace {

std::string replay;  // NOLINT: a signal handler has no other way to it

// Only write() and _exit() may be called from here.
void on_abort(int) {
  (void)!::write(STDERR_FILENO, replay.data(), replay.size());
  ::_exit(1);
}

}  // namespace

void set_replay_command(const std::string& command) {
  replay = "replay: " + command + "\n";
  (void)std::signal(SIGABRT, on_abort);
}

void broken(std::string_view what) {
  std::fprintf(stderr, "invariant broken: %.*s\n%s", static_cast<int>(what.size()), what.data(),
               replay.c_str());
  std::fflush(nullptr);
  std::_Exit(1);
}

}  // namespace sipring::simulation
