// An invariant that does not hold ends the run with the command that replays it.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sipring::simulation {

// Set once, at the start. Printed by broken(), and when an assertion of the engine's aborts.
void set_replay_command(const std::string& command);

[[noreturn]] void broken(std::string_view what);

inline void require(bool holds, std::string_view otherwise) {
  if (!holds) broken(otherwise);
}

}  // namespace sipring::simulation
