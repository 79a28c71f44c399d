// SPDX-License-Identifier: MIT
#include <call/next_hop.h>

#include <names/destination_text.h>
#include <names/lookup.h>

#include <sipring/io/clock.h>

#include <fmt/format.h>

#include <cstdint>

namespace sipring::app {

namespace {

LookupOptions options_of(std::span<const Listener> listeners) {
  LookupOptions options{.server = {}, .capabilities = {.transports = {}, .v4 = false}, .seed = {}};
  for (const Listener& listener : listeners) {
    const NetworkAddress& address = listener.address;
    if (!has_tls(address.transport)) options.capabilities.transports.add(address.transport);
    const bool v6 = address.ip.family == IpAddress::Family::v6;
    (v6 ? options.capabilities.v6 : options.capabilities.v4) = true;
  }
  options.seed = static_cast<std::uint64_t>(read_clock().time_since_epoch().count());
  return options;
}

}  // namespace

std::expected<NetworkAddress, std::string> next_hop_of(std::string_view text,
                                                       std::span<const Listener> listeners) {
  const auto destination = parse_destination(text);
  if (!destination) return std::unexpected(destination.error());
  const auto& wanted = destination->transport;
  if (destination->secure || (wanted && has_tls(*wanted)))
    return std::unexpected(fmt::format("{} needs TLS: no call goes by it yet", text));
  const LookupOptions options = options_of(listeners);
  if (wanted && !options.capabilities.transports.contains(*wanted)) {
    const std::string_view name = to_string(*wanted);
    return std::unexpected(fmt::format("{} needs {}: there is no such listener", text, name));
  }
  const Lookup::Found found = Lookup(options).find(*destination);
  if (!found.targets.empty()) return found.targets.front().address;
  return std::unexpected(fmt::format("{}: {}", text, to_string(found.end)));
}

}  // namespace sipring::app
