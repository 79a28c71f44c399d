// SPDX-License-Identifier: MIT
#include <sipring/core/dns/detail/servers.h>

#include <algorithm>

namespace sipring::dns {

Servers::Servers(const ResolverSettings& settings)
    : count_(static_cast<std::uint32_t>(
          std::min(settings.servers.size(), ResolverSettings::most_servers))),
      avoidance_(settings.avoidance) {
  std::copy_n(settings.servers.begin(), count_, addresses_.begin());
}

std::optional<std::uint32_t> Servers::choose(Instant now, Tried tried) const {
  std::optional<std::uint32_t> last_resort;
  for (std::uint32_t server = 0; server < count_; ++server) {
    if ((tried >> server & 1) != 0) continue;
    if (!is_avoided(server, now)) return server;
    const bool sooner = !last_resort || standings_[server].avoided_until() <
                                            standings_[*last_resort].avoided_until();
    if (sooner) last_resort = server;
  }
  return last_resort;
}

}  // namespace sipring::dns
