// Steering: which shard a datagram belongs to. All messages of a call, in both directions, carry
// one Call-ID (RFC 3261 section 8.1.1.4), so its hash names the call's home.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/hash.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

class Steering {
 public:
  Steering(std::uint32_t shards, const HashSeed& seed) : shards_(shards), seed_(seed) {}

  // An application that makes Call-IDs draws them until they are at home where it is.
  [[nodiscard]] std::uint32_t home_of(std::string_view call_id) const;
  // nullopt: no Call-ID; whoever has the datagram keeps it.
  [[nodiscard]] std::optional<std::uint32_t> home_of_datagram(std::string_view datagram) const;
  [[nodiscard]] const HashSeed& seed() const { return seed_; }

 private:
  std::uint32_t shards_;
  HashSeed seed_;
};

}  // namespace sipring
