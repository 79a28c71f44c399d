// SPDX-License-Identifier: MIT
#include <call/next_hop.h>

#include <names/destination_text.h>
#include <names/lookup.h>

#include <sipring/io/clock.h>

#include <fmt/format.h>

#include <cstdint>

namespace sipring::app {

std::expected<NetworkAddress, std::string> next_hop_of(std::string_view text,
                                                       IpAddress::Family family) {
  const auto destination = parse_destination(text);
  if (!destination) return std::unexpected(destination.error());
  if (destination->secure)
    return std::unexpected(fmt::format("{} needs TLS: calls go by UDP alone yet", text));
  if (destination->transport.value_or(Transport::udp) != Transport::udp) {
    return std::unexpected(fmt::format("{} needs {}: calls go by UDP alone yet", text,
                                       to_string(*destination->transport)));
  }
  const bool v6 = family == IpAddress::Family::v6;
  const LookupOptions options{
      .server = {},
      .capabilities = {.transports = {Transport::udp}, .v4 = !v6, .v6 = v6},
      .seed = static_cast<std::uint64_t>(read_clock().time_since_epoch().count())};
  const Lookup::Found found = Lookup(options).find(*destination);
  if (!found.targets.empty()) return found.targets.front().address;
  return std::unexpected(fmt::format("{}: {}", text, to_string(found.end)));
}

}  // namespace sipring::app
