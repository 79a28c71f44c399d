// Header field names and methods found by perfect hashes. What reads them inside a message need
// not copy: that is the difference to names.h.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/names.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace sipring::detail {

// The longest registered name has 29 octets; a record holds the colon too, its id stands in the
// last octet.
inline constexpr std::uint32_t longest_name = 29;

// A name in lower case with the colon after it, and its id, in one vector.
struct NameRecord {
  std::array<char, Block::size - 1> text{};
  std::uint8_t id = 0;
};
static_assert(sizeof(NameRecord) == Block::size);

// What tells header field names apart: three octets at the beginning, two at the end, the length.
// They are taken from a line as it stands, `\n` before it and `: ` behind the name, so that even
// one letter needs no masks.
[[nodiscard]] constexpr std::uint64_t name_key(std::uint32_t first, std::uint16_t last,
                                               std::uint64_t length) {
  const std::uint64_t key = std::uint64_t{first & 0xffffff} << 32 | last;
  return (key | 0x0020202000002020) + (length << 16);
}

inline constexpr std::uint32_t header_slot_bits = 11;
inline constexpr std::uint32_t method_slot_bits = 6;

struct HeaderNames {
  std::uint64_t multiplier = 0;
  std::array<std::uint8_t, 1u << header_slot_bits> slots{};  // index of a record; 0 is an empty one
  alignas(Block::size) std::array<NameRecord, 256> records{};
};
extern const HeaderNames header_names;

struct MethodNames {
  std::uint64_t multiplier = 0;
  std::array<std::uint8_t, 1u << method_slot_bits> slots{};
  std::array<std::uint64_t, 32> heads{};  // the first eight octets
  std::array<std::string_view, 32> texts{};
};
extern const MethodNames method_names;

// `line` follows a `\n` and begins with a name of `length` octets, 1 to 31, without control octets,
// and `: `. 32 octets are readable there and `block` holds them.
[[nodiscard]] inline HeaderId find_header(const char* line, std::size_t length,
                                          const Block& block) {
  const std::uint64_t key =
      name_key(load<std::uint32_t>(line), load<std::uint16_t>(line + length - 2), length);
  const std::uint8_t slot =
      header_names.slots[(key * header_names.multiplier) >> (64 - header_slot_bits)];
  const NameRecord& record = header_names.records[slot];
  const std::uint32_t different = ~block.equal_folded(record.text.data()) << (31 - length);
  return different == 0 ? static_cast<HeaderId>(record.id) : HeaderId::extension;
}

// length is 1 or more. Methods are case-sensitive.
[[nodiscard]] inline Method find_method(const char* text, std::size_t length) {
  const std::uint64_t head = load_head(text, length);
  const std::uint8_t id =
      method_names.slots[(head * method_names.multiplier) >> (64 - method_slot_bits)];
  if (method_names.heads[id] != head || method_names.texts[id].size() != length)
    return Method::unknown;
  const bool same =
      length <= 8 || method_names.texts[id].substr(8) == std::string_view{text, length}.substr(8);
  return same ? static_cast<Method>(id) : Method::unknown;
}

}  // namespace sipring::detail
