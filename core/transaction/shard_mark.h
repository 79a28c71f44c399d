// ShardMark: the eight hexadecimal digits with which the tags that we generate begin, and our
// branches behind the magic cookie. They name the server and the shard, so that a response, or a
// request within a dialog, finds its owner without a hash (RFC 3261 sections 8.1.1.7, 19.3: what
// else stands in a branch or tag is ours to choose).
//
// A mark is no secret, and whoever has seen one may copy it: then the shard finds nothing that goes
// with it, as it would for any other made-up branch or tag.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

struct ShardMark {
  static constexpr std::uint32_t digits = 8;
  std::uint32_t server = 0;  // 24 bits, drawn at start: tells ours from those of others
  std::uint8_t shard = 0;

  [[nodiscard]] constexpr std::uint32_t number() const { return server << 8 | shard; }
};

// The shard whose mark stands at the start of `text`; nullopt when none of this server does.
// Letters of either case: peers may change it in what is compared without case.
[[nodiscard]] std::optional<std::uint8_t> marked_shard(std::string_view text, std::uint32_t server);

}  // namespace sipring
