// Steering: which shard a datagram belongs to. All messages of a call, in both directions, carry
// one Call-ID (RFC 3261 section 8.1.1.4), so its hash names the call's home. What carries a mark of
// ours (core/transaction/shard_mark.h) names its shard by itself: a response in the branch of its
// top Via, a request within a dialog in its To tag. Both rules agree where Call-IDs are drawn at
// home; the mark decides where they do not, and while a shard drains.
//
// Each shard has one of its own, and changes it when it is told to.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/shard/detail/homes.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

class Steering {
 public:
  // All shards serve. `server` is the mark's.
  Steering(std::uint32_t shards, const HashSeed& seed, std::uint32_t server = 0);

  void place(const Homes& homes) { homes_ = homes; }

  // An application that makes Call-IDs draws them until they are at home where it is.
  [[nodiscard]] std::uint32_t home_of(std::string_view call_id) const;
  // Where what begins now is served: differs while its home drains.
  [[nodiscard]] std::uint32_t next_home_of(std::string_view call_id) const;
  // nullopt: neither mark nor Call-ID; whoever has the datagram keeps it.
  [[nodiscard]] std::optional<std::uint32_t> home_of_datagram(std::string_view datagram) const;
  // Of something that we sent and that came back: a request has our branch, a response our To tag.
  [[nodiscard]] std::optional<std::uint32_t> home_of_undelivered(std::string_view quoted) const;
  // Where a datagram that begins something goes when its home drains. The same otherwise.
  [[nodiscard]] std::optional<std::uint32_t> next_home_of_datagram(std::string_view datagram) const;
  [[nodiscard]] const HashSeed& seed() const { return seed_; }

 private:
  [[nodiscard]] std::uint32_t slot_of(std::string_view call_id) const;
  [[nodiscard]] std::optional<std::uint32_t> home(std::string_view datagram, bool by_branch) const;
  [[nodiscard]] std::optional<std::uint32_t> marked_home(std::string_view mark) const;

  HashSeed seed_;
  std::uint32_t server_;
  Homes homes_;
};

}  // namespace sipring
