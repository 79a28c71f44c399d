// `sipring check`: parses messages and explains them.
// SPDX-License-Identifier: MIT
#include "command.h"

#include <check/explanation.h>

#include <fmt/core.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipring {
namespace {

struct Flags {
  std::vector<std::string> files{"-"};
  bool json = false;
};

std::optional<std::string> read(const std::string& file) {
  using Octets = std::istreambuf_iterator<char>;
  if (file == "-") return std::string(Octets(std::cin), Octets());
  std::ifstream stream(file, std::ios::binary);
  std::string octets{Octets(stream), Octets()};
  // A directory opens, and fails when it is read.
  if (!stream.is_open() || stream.bad()) return std::nullopt;
  return octets;
}

int check(const Flags& flags) {
  bool all_valid = true;
  for (const std::string& file : flags.files) {
    const std::optional<std::string> octets = read(file);
    if (!octets) {
      fmt::print(stderr, "sipring: {} cannot be read\n", file);
      return 2;
    }
    const Explanation explanation = explain(*octets);
    all_valid &= explanation.is_valid();
    const std::string name = file == "-" ? "standard input" : file;
    fmt::print("{}{}", flags.json ? to_json(explanation, name) : to_text(explanation, name),
               flags.json ? "\n" : "");
  }
  return all_valid ? 0 : 1;
}

}  // namespace

void add_check(CLI::App& program, Run& run) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.add_subcommand("check", "parse messages and explain them");
  command->footer(
      "Exit status: 0 when all are valid, 1 when one is not, 2 when one cannot be read.");
  command->add_option("FILE", flags->files, "one message each; - for standard input");
  command->add_flag("--json", flags->json, "one JSON object for each message");
  command->callback([flags, &run] { run = [flags] { return check(*flags); }; });
}

}  // namespace sipring
