// What a command that does not succeed tells the shell, and people.
// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <string>

namespace sipring::app {

inline constexpr int failed = 1;
inline constexpr int usage_error = 2;

// Gives the status back, to return with.
inline int complain(const std::string& text, int status) {
  fmt::print(stderr, "sipring: {}\n", text);
  return status;
}

}  // namespace sipring::app
