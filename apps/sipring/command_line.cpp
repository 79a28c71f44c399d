// SPDX-License-Identifier: MIT
#include "command_line.h"
#include "exit_status.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <cstdio>

namespace sipring::app {

Flag& Flag::range(int least, int most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

Flag& Flag::range(double least, double most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

Flag& Flag::one_of(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return *this;
}

Flag& Flag::needs(const Flag& other) {
  option_->needs(other.option_);
  return *this;
}

Flag& Flag::excludes(const Flag& other) {
  option_->excludes(other.option_);
  return *this;
}

Flag& Flag::required() {
  option_->required();
  return *this;
}

Flag& Flag::show_default() {
  option_->capture_default_str();
  return *this;
}

Flag& Flag::comma_separated() {
  option_->delimiter(',');
  return *this;
}

Flag CommandLine::add(const std::string& name, std::string& value, const std::string& help) {
  return Flag(app_->add_option(name, value, help));
}

Flag CommandLine::add(const std::string& name, std::vector<std::string>& values,
                      const std::string& help) {
  return Flag(app_->add_option(name, values, help));
}

Flag CommandLine::add(const std::string& name, std::uint16_t& value, const std::string& help) {
  return Flag(app_->add_option(name, value, help));
}

Flag CommandLine::add(const std::string& name, std::uint32_t& value, const std::string& help) {
  return Flag(app_->add_option(name, value, help));
}

Flag CommandLine::add(const std::string& name, double& value, const std::string& help) {
  return Flag(app_->add_option(name, value, help));
}

Flag CommandLine::add(const std::string& name, std::optional<int>& value, const std::string& help) {
  return Flag(app_->add_option(name, value, help));
}

Flag CommandLine::add(const std::string& name, std::vector<std::uint32_t>& values,
                      const std::string& help) {
  return Flag(app_->add_option(name, values, help));
}

Flag CommandLine::add(const std::string& name, bool& value, const std::string& help) {
  return Flag(app_->add_flag(name, value, help));
}

Flag CommandLine::add_read(const std::string& name, Read read, const std::string& help) {
  return Flag(app_->add_option_function<std::string>(
      name,
      [read = std::move(read)](const std::string& value) {
        if (const std::string wrong = read(value); !wrong.empty())
          throw CLI::ValidationError(wrong);
      },
      help));
}

Flag CommandLine::add_may_be_empty(const std::string& name, Read read, const std::string& type,
                                   const std::string& help) {
  Flag flag = add_read(name, std::move(read), help);
  app_->get_option(name)->type_name(type)->expected(0, 1);
  return flag;
}

void CommandLine::footer(const std::string& text) {
  app_->footer(text);
}

Program::Program(const std::string& title, const std::string& name, const std::string& version)
    : app_(std::make_unique<CLI::App>(title, name)) {
  app_->set_version_flag("--version", name + " " + version);
  app_->require_subcommand(1);
}

Program::~Program() = default;

CommandLine Program::add_command(const std::string& name, const std::string& help,
                                 std::function<int()> run) {
  CLI::App* command = app_->add_subcommand(name, help);
  command->callback([this, run = std::move(run)] { asked_for_ = run; });
  return CommandLine(*command);
}

int Program::run(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app_->exit(asked);
  } catch (const CLI::ParseError& error) {
    return complain(fmt::format("{} (sipring --help shows what there is)", error.what()),
                    usage_error);
  }
  return asked_for_();
}

void read_line(const std::string& line, const std::function<void(CommandLine&)>& add) {
  CLI::App app;
  CommandLine command(app);
  add(command);
  app.parse(line);
}

}  // namespace sipring::app
