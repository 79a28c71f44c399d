// The subcommands of sipring. Each add_* describes one to CLI11; what runs it is left in `run` when
// the command line asks for it.
// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace sipring::app {

using Run = std::function<int()>;  // gives the exit status

void add_answer(CLI::App& program, Run& run);
void add_load(CLI::App& program, Run& run);
void add_check(CLI::App& program, Run& run);
void add_capacity(CLI::App& program, Run& run);

}  // namespace sipring::app
