// Header field names and methods found by perfect hashes. What reads them inside a message need not
// copy: that is the difference to names.h. SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/names.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sipring::detail {

// The longest registered name has 29 octets; the record's last two octets hold the id and the
// length.
inline constexpr std::uint32_t longest_name = 30;

// A name in lower case, its id and its length, in one vector.
struct NameRecord {
  std::array<char, longest_name> text{};
  std::uint8_t id = 0;
  std::uint8_t length = 0;
};
static_assert(sizeof(NameRecord) == Block::size);

// The two ends of a name (eight octets each, overlapping when it is short) as one number.
[[nodiscard]] constexpr std::uint64_t name_key(std::uint64_t head, std::uint64_t tail) {
  return head + std::rotl(tail, 23);
}

[[nodiscard]] constexpr std::uint64_t low_octets(std::uint64_t word, std::size_t count) {
  return word & (~std::uint64_t{0} >> (64 - 8 * count));  // count is 1 to 8
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

// `line` begins with a name of `length` octets, 1 to 31, without control octets; 32 octets are
// readable there and `block` holds them.
[[nodiscard]] inline HeaderId find_header(const char* line, std::size_t length,
                                          const Block& block) {
  const std::size_t part = std::min(length, std::size_t{8});
  const std::uint64_t head = low_octets(load<std::uint64_t>(line) | fold_case, part);
  const std::uint64_t tail =
      low_octets(load<std::uint64_t>(line + length - part) | fold_case, part);
  const std::uint64_t hash = name_key(head, tail) * header_names.multiplier;
  const NameRecord& record =
      header_names.records[header_names.slots[hash >> (64 - header_slot_bits)]];
  const std::uint32_t different = ~block.equal_folded(record.text.data()) << (32 - length);
  return record.length == length && different == 0 ? static_cast<HeaderId>(record.id)
                                                   : HeaderId::extension;
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
