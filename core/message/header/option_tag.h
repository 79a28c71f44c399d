// Option tags: Supported, Require, Proxy-Require, Unsupported (RFC 3261
// sections 19.2, 20.29, 20.32, 20.37, 20.40). Compared without case.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace sipring {

// `unknown` is any token that is not registered.
enum class OptionTag : std::uint8_t {
  unknown,
#define SIPRING_OPTION_TAG(id, text) id,
#include <sipring/core/message/header/option_tags.def>
#undef SIPRING_OPTION_TAG
  count,
};
[[nodiscard]] OptionTag option_tag_from(std::string_view text);
[[nodiscard]] std::string_view to_string(OptionTag tag);  // "100rel"; "" for unknown

class OptionTags {
 public:
  void add(OptionTag tag) { bits_ |= bit(tag); }
  [[nodiscard]] bool has(OptionTag tag) const { return (bits_ & bit(tag)) != 0; }
  [[nodiscard]] bool empty() const { return bits_ == 0; }
  // Those that `other` does not have: what a UAS lists in Unsupported (section 8.2.2.3).
  [[nodiscard]] OptionTags without(OptionTags other) const {
    OptionTags rest;
    rest.bits_ = bits_ & ~other.bits_;
    return rest;
  }
  friend bool operator==(const OptionTags&, const OptionTags&) = default;

 private:
  static constexpr std::uint64_t bit(OptionTag tag) {
    return std::uint64_t{1} << std::to_underlying(tag);
  }
  static_assert(std::to_underlying(OptionTag::count) <= 64);
  std::uint64_t bits_ = 0;
};

// What all header fields of a kind say together; has(OptionTag::unknown): others too, which
// elements<parse_token>() names. Malformed elements add nothing.
[[nodiscard]] OptionTags option_tags(const Message& message, HeaderId id);
// The same for one tag, which need not be registered.
[[nodiscard]] bool has_option_tag(const Message& message, HeaderId id, std::string_view tag);

}  // namespace sipring
