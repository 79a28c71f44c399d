// The subcommands of sipring. Each add_* describes one to CLI11; what runs it is left in `run` when
// the command line asks for it. CLI11 itself is read where flags are described, and nowhere else:
// it takes longer to compile than all the rest.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace sipring::app {

struct AnswerFlags;
struct CallFlags;
struct LoadFlags;

using Run = std::function<int()>;  // gives the exit status

void add_answer(CLI::App& program, Run& run);
void add_call(CLI::App& program, Run& run);
void add_load(CLI::App& program, Run& run);
void add_check(CLI::App& program, Run& run);
void add_capacity(CLI::App& program, Run& run);

// They give the exit status.
int answer(const AnswerFlags& flags);
int call(const CallFlags& flags);
int load(const LoadFlags& flags);

}  // namespace sipring::app
