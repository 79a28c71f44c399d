// Identifiers: what a user agent draws for its requests, from entropy that was given to it: branch,
// tag, Call-ID and the first number of a CSeq (RFC 3261 sections 8.1.1.3 to 8.1.1.7, 19.3). The
// same seed draws the same again.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/entropy.h>
#include <sipring/core/transaction/detail/key.h>
#include <sipring/pools/assert.h>

#include <cstdint>
#include <string_view>

namespace sipring {

class Identifiers {
 public:
  // `mark` is written into branches and tags, as by the engine. Two generators need two seeds.
  explicit Identifiers(const Entropy& entropy, const ShardMark& mark = {});

  [[nodiscard]] HexText branch();
  [[nodiscard]] HexText tag();      // the mark and 64 bits
  [[nodiscard]] HexText call_id();  // 128 bits
  // Draws until `accept(std::string_view)` takes one: a Call-ID that hashes to the shard that makes
  // it. One of 256 shards takes 256 draws on the average; that none of 65,536 is taken is our
  // mistake.
  template <class Accept>
  [[nodiscard]] HexText call_id(Accept&& accept) {
    for (int draws = 0; draws < 65'536; ++draws)
      if (const HexText drawn = call_id(); accept(drawn.view())) return drawn;
    constexpr bool one_was_accepted = false;
    SIPRING_ASSERT(one_was_accepted);
    return {};
  }
  [[nodiscard]] std::uint32_t first_cseq();  // 1 to 65,536: far below 2^31

 private:
  enum class Kind : std::uint64_t { tag, call_id, cseq };
  Hash128 draw(Kind kind);

  HashSeed branch_seed_;
  HashSeed seed_;
  ShardMark mark_;
  std::uint64_t drawn_ = 0;
};

}  // namespace sipring
