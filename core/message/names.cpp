// The perfect hashes over names.def, made while compiling: a multiplier is drawn until no two
// names share a slot.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/name_hash.h>
#include <sipring/core/message/names.h>
#include <sipring/pools/random.h>

#include <cstring>

namespace sipring {
namespace {

struct HeaderSpelling {
  std::string_view text;
  char compact;
};

constexpr std::array header_spellings{
    HeaderSpelling{"", 0},
#define SIPRING_HEADER(id, text, compact) HeaderSpelling{text, compact},
#include <sipring/core/message/names.def>
#undef SIPRING_HEADER
};

constexpr std::array method_spellings{
    std::string_view{},
#define SIPRING_METHOD(id, text) std::string_view{text},
#include <sipring/core/message/names.def>
#undef SIPRING_METHOD
};

constexpr std::uint64_t word_at(std::string_view text, std::size_t from) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8 && from + i < text.size(); ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[from + i])) << (8 * i);
  return word;
}

constexpr detail::NameRecord record_of(std::string_view name, std::size_t id) {
  detail::NameRecord record;
  for (std::size_t i = 0; i < name.size(); ++i) record.text[i] = detail::lower(name[i]);
  record.text[name.size()] = ':';
  record.id = static_cast<std::uint8_t>(id);
  return record;
}

// As find_header() makes it of "\nname: ".
constexpr std::uint64_t key_of(const detail::NameRecord& record) {
  const std::size_t length = std::string_view{record.text.data(), record.text.size()}.find(':');
  const std::array<char, 4> ends{length == 1 ? '\n' : record.text[length - 2],
                                 record.text[length - 1], ':', ' '};
  const auto first =
      static_cast<std::uint32_t>(length == 1 ? word_at(std::string_view{ends.data(), 4}, 1)
                                             : word_at(std::string_view{record.text.data(), 3}, 0));
  return detail::name_key(first, static_cast<std::uint16_t>(word_at({ends.data(), 2}, 0)), length);
}

// Puts every key into a slot of its own, drawing multipliers until that works.
template <std::uint32_t bits, std::size_t keys>
constexpr std::uint64_t place(const std::array<std::uint64_t, keys>& key, std::size_t count,
                              std::array<std::uint8_t, 1u << bits>& slots) {
  for (SplitMix64 candidates(1);;) {
    const std::uint64_t multiplier = candidates.next() | 1;
    std::size_t placed = 1;
    for (; placed < count; ++placed) {
      std::uint8_t& slot = slots[(key[placed] * multiplier) >> (64 - bits)];
      if (slot != 0) break;
      slot = static_cast<std::uint8_t>(placed);
    }
    if (placed == count) return multiplier;
    for (std::size_t i = 1; i < placed; ++i) slots[(key[i] * multiplier) >> (64 - bits)] = 0;
  }
}

constexpr detail::HeaderNames make_header_names() {
  detail::HeaderNames names;
  std::size_t count = 1;
  for (std::size_t id = 1; id < header_spellings.size(); ++id) {
    names.records[count++] = record_of(header_spellings[id].text, id);
    const char compact = header_spellings[id].compact;
    if (compact != 0) names.records[count++] = record_of({&compact, 1}, id);
  }
  std::array<std::uint64_t, 256> keys{};
  for (std::size_t i = 1; i < count; ++i) keys[i] = key_of(names.records[i]);
  names.multiplier = place<detail::header_slot_bits>(keys, count, names.slots);
  return names;
}

constexpr detail::MethodNames make_method_names() {
  detail::MethodNames names;
  std::array<std::uint64_t, method_spellings.size()> keys{};
  for (std::size_t id = 1; id < keys.size(); ++id) {
    names.texts[id] = method_spellings[id];
    names.heads[id] = keys[id] = word_at(method_spellings[id], 0);
  }
  names.multiplier = place<detail::method_slot_bits>(keys, keys.size(), names.slots);
  return names;
}

constexpr bool names_fit() {
  for (const HeaderSpelling& spelling : header_spellings)
    if (spelling.text.size() > detail::longest_name) return false;
  return true;
}
static_assert(names_fit() && method_spellings.size() <= 32);

}  // namespace

namespace detail {
constinit const HeaderNames header_names = make_header_names();
constinit const MethodNames method_names = make_method_names();
}  // namespace detail

Method method_from(std::string_view text) {
  return text.empty() ? Method::unknown : detail::find_method(text.data(), text.size());
}

std::string_view to_string(Method method) {
  return method_spellings[static_cast<std::size_t>(method)];
}

HeaderId header_id_from(std::string_view name) {
  if (name.empty() || name.size() > detail::longest_name) return HeaderId::extension;
  std::array<char, 1 + 2 * detail::Block::size> line{'\n'};  // as the name would stand in a message
  char* const first = line.data() + 1;
  std::memcpy(first, name.data(), name.size());
  first[name.size()] = ':';
  first[name.size() + 1] = ' ';
  const detail::Block block{first};
  if ((block.controls() & ((1u << name.size()) - 1)) != 0) return HeaderId::extension;
  return detail::find_header(first, name.size(), block);
}

bool is_name_of(HeaderId id, std::string_view name) {
  const HeaderSpelling& spelling = header_spellings[static_cast<std::size_t>(id)];
  if (name.size() == 1) {
    return spelling.compact != 0 && detail::lower(name.front()) == spelling.compact;
  }
  return !name.empty() && detail::equals_ignoring_case(name, spelling.text);
}

std::string_view to_string(HeaderId id) {
  return header_spellings[static_cast<std::size_t>(id)].text;
}

std::optional<char> compact_form(HeaderId id) {
  const char compact = header_spellings[static_cast<std::size_t>(id)].compact;
  return compact == 0 ? std::nullopt : std::optional{compact};
}

}  // namespace sipring
