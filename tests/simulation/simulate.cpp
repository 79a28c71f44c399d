// simulate --seed N --steps M [--canary NAME]
// One run of the simulator. Prints the command that replays it first, and a summary at the end.
// SPDX-License-Identifier: MIT
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "tests/simulation/broken.h"
#include "tests/simulation/canary.h"
#include "tests/simulation/simulator.h"

namespace sipring::simulation {
namespace {

struct Arguments {
  std::uint64_t seed = std::random_device()();
  std::uint64_t steps = 50'000;
  std::string_view canary_name;
  Canary canary;
};

bool read(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<Arguments> read(int count, char** texts) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = texts[i];
    const std::string_view value = i + 1 < count ? texts[i + 1] : "";
    if (name == "--seed" && read(value, arguments.seed)) {
      ++i;
    } else if (name == "--steps" && read(value, arguments.steps)) {
      ++i;
    } else if (name == "--canary" && canary_from(value)) {
      arguments.canary = *canary_from(value);
      arguments.canary_name = value;
      ++i;
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

std::string command(const char* program, const Arguments& arguments) {
  std::string text = std::string(program) + " --seed " + std::to_string(arguments.seed) +
                     " --steps " + std::to_string(arguments.steps);
  if (!arguments.canary_name.empty()) text += " --canary " + std::string(arguments.canary_name);
  return text;
}

int run(int count, char** texts) {
  const std::optional<Arguments> arguments = read(count, texts);
  if (!arguments) {
    std::fputs("usage: simulate [--seed N] [--steps M] [--canary NAME]  (names: canary.cpp)\n",
               stderr);
    return 2;
  }
  const std::string again = command(texts[0], *arguments);
  set_replay_command(again);
  std::puts(again.c_str());
  std::fflush(stdout);
  Simulator simulator(arguments->seed, arguments->canary);
  simulator.run(arguments->steps);
  std::puts(simulator.summary().c_str());
  return 0;
}

}  // namespace
}  // namespace sipring::simulation

int main(int count, char** texts) {
  return sipring::simulation::run(count, texts);
}
