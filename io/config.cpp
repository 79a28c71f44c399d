// SPDX-License-Identifier: MIT
#include <sipring/io/config.h>

#include <sipring/io/detail/shard.h>
#include <sipring/io/tls_material.h>

#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace sipring {

std::expected<ListenerTls, std::string> listener_tls_of(const ListenerConfig& listener) {
  const std::array<std::string, 2> names{"localhost",
                                         std::string(to_text(listener.address.ip).view())};
  auto material =
      listener.files.certificate.empty() ? make_self_signed(names) : load_material(listener.files);
  if (!material) return std::unexpected(tls_error(listener.address, material.error()).text);
  ListenerTls tls;
  tls.materials.push_back(std::move(*material));
  tls.verify = listener.verify;
  return tls;
}

std::expected<void, std::string> add_listener(const ListenerConfig& listener,
                                              ServerOptions& options) {
  if (has_tls(listener.address.transport)) {
    auto tls = listener_tls_of(listener);
    if (!tls) return std::unexpected(tls.error());
    tls->listener = static_cast<std::uint32_t>(options.listeners.size());
    options.tls.push_back(std::move(*tls));
  }
  if (listener.is_proxied)
    options.proxied.push_back(static_cast<std::uint32_t>(options.listeners.size()));
  options.listeners.push_back(listener.address);
  return {};
}

std::expected<ServerOptions, std::string> Config::server_options() const {
  ServerOptions options;
  for (const ListenerConfig& listener : listeners) {
    if (auto added = add_listener(listener, options); !added) return std::unexpected(added.error());
  }
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
