// SPDX-License-Identifier: MIT
#include "tests/simulation/directory.h"

#include <sipring/core/message/uri.h>

#include <algorithm>

namespace sipring::simulation {
namespace {

constexpr std::uint16_t first_port = 5060;

NetworkAddress address_of(std::size_t node, Transport transport) {
  const std::string number = std::to_string(node + 1);
  const std::string text = (node % 2 == 0 ? "192.0.2." : "2001:db8::") + number;
  return {*parse_ip_address(text), static_cast<std::uint16_t>(first_port + node), transport};
}

}  // namespace

Directory::Directory(const Weights& weights) : peers_(weights.peers), proxies_(weights.proxies) {
  const std::size_t nodes = peers_ + proxies_ + weights.rule_breakers;
  for (std::size_t node = 0; node < nodes; ++node)
    addresses_.push_back(address_of(node, weights.transport));
}

// Their ports differ.
std::optional<std::size_t> Directory::index_of(const NetworkAddress& address) const {
  const std::size_t node = static_cast<std::size_t>(address.port) - first_port;
  if (address.port < first_port || node >= size() || addresses_[node] != address)
    return std::nullopt;
  return node;
}

std::optional<std::size_t> Directory::index_of_uri(std::string_view uri) const {
  const auto parsed = parse_uri(uri);
  if (!parsed) return std::nullopt;
  const auto ip = parse_ip_address(parsed->host);
  if (!ip) return std::nullopt;
  return index_of({*ip, parsed->port, addresses_[0].transport});
}

std::size_t Directory::draw_answerer(Random& random, std::size_t caller) const {
  const std::size_t rule_breakers = size() - peers_ - proxies_;
  if (rule_breakers != 0 && random.chance(200))
    return peers_ + proxies_ + random.below(rule_breakers);
  const std::size_t node = random.below(caller < peers_ ? peers_ - 1 : peers_);
  return caller < peers_ && node >= caller ? node + 1 : node;
}

std::optional<std::size_t> Directory::draw_proxy(Random& random, std::size_t node) const {
  const std::size_t first = std::max(peers_, node + 1), end = peers_ + proxies_;
  if (node >= end || first >= end) return std::nullopt;
  return first + random.below(end - first);
}

}  // namespace sipring::simulation
