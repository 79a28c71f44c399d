// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/shard_mark.h>

#include <charconv>

namespace sipring {

std::optional<std::uint8_t> marked_shard(std::string_view text, std::uint32_t server) {
  if (text.size() < ShardMark::digits) return std::nullopt;
  const char* const end = text.data() + ShardMark::digits;
  std::uint32_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, number, 16);
  if (error != std::errc{} || stop != end || number >> 8 != server) return std::nullopt;
  return static_cast<std::uint8_t>(number);
}

}  // namespace sipring
