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

std::unexpected<std::string> not_by(const std::string& text) {
  return std::unexpected(fmt::format("{}: only udp: is there to send by", text));
}

std::string user_of(const std::string& text) {
  const auto uri = parse_uri(text);
  return uri ? std::string(uri->user) : "";
}

Lookup::Found look_up(const Destination& destination, const TargetLookup& lookup) {
  const LookupOptions options{
      .server = lookup.server,
      .capabilities = {.transports = {Transport::udp},
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
  if (destination->transport.value_or(Transport::udp) != Transport::udp) return not_by(text);
  if (destination->secure) return not_by(text);
  FoundTarget found{
      .name = "", .user = user_of(text), .host = std::string(destination->host), .addresses = {}};
  if (const auto ip = parse_ip_address(destination->host)) {
    const std::uint16_t port =
        destination->port != 0 ? destination->port : default_port(Transport::udp);
    found.addresses = {{*ip, port, Transport::udp}};
    return found;
  }
  const Lookup::Found looked_up = look_up(*destination, lookup);
  for (const sipring::Target& target : looked_up.targets) {
    // What we send from has one family.
    const bool fits =
        found.addresses.empty() || found.addresses.front().ip.family == target.address.ip.family;
    if (fits) found.addresses.push_back(target.address);
  }
  if (found.addresses.empty()) {
    return std::unexpected(fmt::format("{}: the name {} does not resolve: {}", text,
                                       destination->host, to_string(looked_up.end)));
  }
  found.name = text;
  return found;
}

std::string to_text(const FoundTarget& target) {
  std::string list;
  for (const NetworkAddress& address : target.addresses)
    list += (list.empty() ? "" : ", ") + listen_address_text(address);
  return fmt::format("{} leads to {}", target.name, list);
}

}  // namespace sipring::app
