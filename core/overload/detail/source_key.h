// What one source is: an IPv4 address, or the /64 of an IPv6 address, since whoever has one address
// of it has all of them. Under a secret seed nobody can choose addresses that collide.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <cstring>

namespace sipring {

[[nodiscard]] inline std::uint64_t source_key(const HashSeed& seed, const IpAddress& address) {
  std::uint64_t prefix = 0;
  std::memcpy(&prefix, address.octets.data(), sizeof prefix);
  Hasher hasher(seed);
  hasher.add(prefix);
  hasher.add(static_cast<std::uint64_t>(address.family));
  return hasher.finish().low;
}

}  // namespace sipring
