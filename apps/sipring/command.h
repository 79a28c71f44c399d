// The subcommands of sipring. Each add_* describes one, its flags and what runs it.
// SPDX-License-Identifier: MIT
#pragma once

namespace sipring::app {

class Program;
struct AnswerFlags;
struct CallFlags;
struct LoadFlags;

void add_answer(Program& program);
void add_call(Program& program);
void add_load(Program& program);
void add_check(Program& program);
void add_capacity(Program& program);

// They give the exit status.
int answer(const AnswerFlags& flags);
int call(const CallFlags& flags);
int load(const LoadFlags& flags);

}  // namespace sipring::app
