// CommandLine: the flags that a subcommand takes, and where their values go. CLI11 reads them; its
// header takes longer to compile than all of ours, so command_line.cpp alone includes it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sipring::app {

// One flag that was added, to say more about it. Each function gives the flag back.
class Flag {
 public:
  explicit Flag(CLI::Option* option) : option_(option) {}

  Flag& range(int least, int most);
  Flag& range(double least, double most);
  Flag& one_of(const std::vector<std::string>& words);
  Flag& needs(const Flag& other);
  Flag& excludes(const Flag& other);
  Flag& required();
  Flag& show_default();  // the value that the variable has now
  Flag& comma_separated();

 private:
  CLI::Option* option_;
};

class CommandLine {
 public:
  // What is wrong with a value, as a sentence; empty: nothing.
  using Read = std::function<std::string(const std::string& value)>;

  explicit CommandLine(CLI::App& app) : app_(&app) {}

  // `value` must outlive the parsing. A vector takes a flag that may be repeated, a bool one
  // without a value. A name without dashes is that of what stands on the line without a flag.
  Flag add(const std::string& name, std::string& value, const std::string& help);
  Flag add(const std::string& name, std::vector<std::string>& values, const std::string& help);
  Flag add(const std::string& name, std::uint16_t& value, const std::string& help);
  Flag add(const std::string& name, std::uint32_t& value, const std::string& help);
  Flag add(const std::string& name, double& value, const std::string& help);
  Flag add(const std::string& name, std::optional<int>& value, const std::string& help);
  Flag add(const std::string& name, std::vector<std::uint32_t>& values, const std::string& help);
  Flag add(const std::string& name, bool& value, const std::string& help);
  // One word of several.
  template <class Enum>
  Flag add(const std::string& name, Enum& value,
           const std::vector<std::pair<std::string, Enum>>& words, const std::string& help) {
    std::vector<std::string> names;
    for (const auto& [word, meaning] : words) names.push_back(word);
    return add_read(
               name,
               [&value, words](const std::string& text) {
                 for (const auto& [word, meaning] : words) {
                   if (word == text) value = meaning;
                 }
                 return std::string();
               },
               help)
        .one_of(names);
  }
  // A value that `read` takes.
  Flag add_read(const std::string& name, Read read, const std::string& help);
  // The same, where there may be no value at all: `read` gets an empty text then. `type` names
  // the value in the help; empty: nothing should stand there.
  Flag add_may_be_empty(const std::string& name, Read read, const std::string& type,
                        const std::string& help);
  // What the help says at its end.
  void footer(const std::string& text);

 private:
  CLI::App* app_;
};

// The whole command: its subcommands, one of which the command line asks for.
class Program {
 public:
  Program(const std::string& title, const std::string& name, const std::string& version);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // `run` gives the exit status, after its flags were read.
  CommandLine add_command(const std::string& name, const std::string& help,
                          std::function<int()> run);
  // Runs what is asked for, or says what is wrong with the line. Gives the exit status.
  int run(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
  std::function<int()> asked_for_;
};

// For tests: the flags that `add` adds, read from one line. Throws std::exception.
void read_line(const std::string& line, const std::function<void(CommandLine&)>& add);

}  // namespace sipring::app
