// SPDX-License-Identifier: MIT
#include <sipring/io/name_options.h>

#include <algorithm>

namespace sipring {
namespace {

bool is_any(const IpAddress& ip) {
  return std::ranges::all_of(ip.octets, [](std::uint8_t octet) { return octet == 0; });
}

}  // namespace

std::string problem_of(const NameOptions& options, std::span<const NetworkAddress> listeners) {
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    const bool is_given = i < options.sent_by.size() && !options.sent_by[i].empty();
    if (!is_given && is_any(listeners[i].ip)) {
      return "names: a listener at \"any\" address needs a sent_by, what peers reach it by";
    }
  }
  for (const Origin& origin : options.also_from) {
    if (origin.sent_by.empty()) return "names: what no listener is there for needs a sent_by";
    if (!is_reliable(origin.transport)) return "names: udp is sent from a listener";
  }
  return "";
}

}  // namespace sipring
