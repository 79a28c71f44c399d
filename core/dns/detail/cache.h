// Cache: answers by name and type, for as long as their time to live says, negative ones too (RFC
// 2308); what has expired stays until it makes way (RFC 8767).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/record.h>
#include <sipring/pools/detail/recently_used.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <string_view>

namespace sipring::dns {

// A name (lower case), a type, and whether the search list goes with it.
[[nodiscard]] inline Hash128 cache_key(const HashSeed& seed, std::string_view name, RecordType type,
                                       bool searches) {
  Hasher hasher(seed);
  hasher.add(static_cast<std::uint64_t>(type) << 1 | static_cast<std::uint64_t>(searches));
  hasher.add(name);
  return hasher.finish();
}

using Cache = RecentlyUsed<Answer>;

}  // namespace sipring::dns
