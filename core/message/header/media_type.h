// Media types: Content-Type and the media ranges of Accept (RFC 3261 sections 20.15, 20.1). Views
// are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/detail/quality.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

struct MediaType {
  std::string_view type;        // "application"; without case, as subtype is
  std::string_view subtype;     // "sdp"
  std::string_view parameters;  // from the first ';'
  Forgiven forgiven = {};

  // "application", "sdp"
  [[nodiscard]] bool is(std::string_view type, std::string_view subtype) const;
};

// A parameter without a value is forgiven: m-parameter has one, other than generic-param.
Parsed<MediaType> parse_content_type(std::string_view value);

inline constexpr std::size_t longest_boundary = 70;  // RFC 2046 section 5.1.1

// Of a multipart type (RFC 2046 section 5.1.1), without quotes: no octet that a boundary may have
// needs an escape. nullopt when there is none that could be one.
[[nodiscard]] std::optional<std::string_view> boundary(const MediaType& type);

// One of Accept. What stands before "q" in the parameters belongs to the media range, what follows
// it does not (RFC 3261 section 20.1, RFC 2616 section 14.1).
struct MediaRange {
  std::string_view type;     // "*": any type
  std::string_view subtype;  // "*": any subtype
  std::string_view parameters;
  Quality quality = {};
  std::uint32_t length = 0;  // octets up to the comma before the next one, or all of them
  Forgiven forgiven = {};

  // Whether the range covers the type; parameters are not looked at.
  [[nodiscard]] bool covers(std::string_view type, std::string_view subtype) const;
};

Parsed<MediaRange> parse_accept(std::string_view value);

}  // namespace sipring
