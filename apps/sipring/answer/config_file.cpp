// SPDX-License-Identifier: MIT
#include <answer/config_file.h>

#include <sipring/io/config.h>

#include <chrono>
#include <cstdint>
#include <utility>

namespace sipring::app {
namespace {

Config config_of(const AnswerFlags& flags) {
  using std::chrono::milliseconds;
  return {.shards = flags.sizes.shards,
          .timers = {.t1 = milliseconds(flags.timing.t1_ms),
                     .t2 = milliseconds(flags.timing.t2_ms),
                     .t4 = milliseconds(flags.timing.t4_ms)},
          .transactions = flags.sizes.transactions,
          .calls = flags.sizes.calls,
          .message_bytes = flags.sizes.message_bytes,
          .strict = flags.answers.strict,
          .authentication = {.users = flags.answers.auth, .realm = flags.answers.realm}};
}

std::uint32_t ms_of(Duration duration) {
  return static_cast<std::uint32_t>(duration / std::chrono::milliseconds(1));
}

}  // namespace

std::expected<void, std::string> take_config(const std::string& file, AnswerFlags& flags) {
  auto config = read_config(file, config_of(flags));
  if (!config) return std::unexpected(std::move(config.error()));
  if (!config->listeners.empty()) {
    flags.sockets.listen.clear();
    flags.sockets.configured = std::move(config->listeners);
  }
  flags.sizes.shards = config->shards;
  flags.sizes.transactions = config->transactions;
  flags.sizes.calls = config->calls;
  flags.sizes.message_bytes = config->message_bytes;
  flags.timing.t1_ms = ms_of(config->timers.t1);
  flags.timing.t2_ms = ms_of(config->timers.t2);
  flags.timing.t4_ms = ms_of(config->timers.t4);
  flags.answers.strict = config->strict;
  flags.answers.auth = std::move(config->authentication.users);
  flags.answers.realm = std::move(config->authentication.realm);
  return {};
}

}  // namespace sipring::app
