// SPDX-License-Identifier: MIT
#include <sipring/io/config.h>

#include <fstream>
#include <sstream>
#include <utility>

namespace sipring {

ServerOptions Config::server_options() const {
  ServerOptions options;
  options.listeners = listeners;
  options.shards = shards;
  options.settings.limits.transactions = transactions;
  options.settings.limits.calls = calls;
  options.settings.limits.message_bytes = message_bytes;
  options.settings.timers = timers;
  options.settings.strict = strict;
  return options;
}

CallSettings Config::call_settings() const {
  return {.timers = timers};
}

CallLimits Config::call_limits() const {
  return {.calls = calls};
}

std::expected<Config, std::string> read_config(const std::string& file, Config config) {
  std::ifstream in(file);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || in.bad()) return std::unexpected(file + ": cannot be read");
  return parse_config(text.view(), file, std::move(config));
}

}  // namespace sipring
