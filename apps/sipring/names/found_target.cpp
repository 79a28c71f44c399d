// SPDX-License-Identifier: MIT
#include <names/found_target.h>

#include "listen_address.h"

#include <names/destination_text.h>
#include <names/lookup.h>

#include <sipring/core/message/uri.h>
#include <sipring/io/clock.h>

#include <fmt/format.h>

namespace sipring::app {
namespace {

using Family = IpAddress::Family;

Lookup::Found look_up(const Destination& destination, const TargetLookup& lookup) {
  const LookupOptions options{
      .server = lookup.server,
      .capabilities = {.transports = {Transport::udp, Transport::tcp, Transport::tls, Transport::ws,
                                      Transport::wss},
                       .v4 = lookup.family.value_or(Family::v4) == Family::v4,
                       .v6 = lookup.family.value_or(Family::v6) == Family::v6},
      .seed = static_cast<std::uint64_t>(read_clock().time_since_epoch().count())};
  return Lookup(options).find(destination);
}

}  // namespace

std::expected<FoundTarget, std::string> find_target(const std::string& text,
                                                    const TargetLookup& lookup) {
  const auto destination = parse_destination(text);
  if (!destination) return std::unexpected(destination.error());
  FoundTarget found{.host = std::string(destination->host)};
  if (const auto uri = parse_uri(text)) {
    found.user = uri->user;
    found.is_sips = uri->scheme == Uri::Scheme::sips;
  }
  const Lookup::Found looked_up = look_up(*destination, lookup);
  for (const sipring::Target& target : looked_up.targets) {
    // What we send from has one transport and one family.
    const bool fits =
        found.addresses.empty() || (found.addresses.front().ip.family == target.address.ip.family &&
                                    found.addresses.front().transport == target.address.transport);
    if (fits) found.addresses.push_back(target.address);
  }
  if (found.addresses.empty()) {
    return std::unexpected(fmt::format("{}: the name {} does not resolve: {}", text,
                                       destination->host, to_string(looked_up.end)));
  }
  if (!parse_ip_address(destination->host)) found.name = text;
  return found;
}

std::string to_text(const FoundTarget& target) {
  std::string list;
  for (const NetworkAddress& address : target.addresses)
    list += (list.empty() ? "" : ", ") + listen_address_text(address);
  return fmt::format("{} leads to {}", target.name, list);
}

}  // namespace sipring::app
