// One word or a list of them (RFC 3261 section 25.1): Supported, Require, Proxy-Require,
// Unsupported (option tags; header/option_tag.h has them as a set), Allow, Content-Encoding,
// Content-Language, Allow-Events (RFC 6665), P-Early-Media (RFC 5009), Priority, SIP-ETag and
// SIP-If-Match (RFC 3903), Suppress-If-Match (RFC 5839). Views are into the value.
//
//   for (const Parsed<Token>& event : elements<parse_token>(message, HeaderId::allow_events)) ...
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct Token {
  std::string_view text;
  std::uint32_t length = 0;  // octets up to the comma before the next one, or all of them
};

// The first one of a list.
Parsed<Token> parse_token(std::string_view value);
// Of a header field that has one: a comma is a mistake.
Parsed<std::string_view> parse_single_token(std::string_view value);

// SIP-ETag, SIP-If-Match, Suppress-If-Match: an entity-tag, which means something to its maker only
// (RFC 3903 section 8.1). "*" in Suppress-If-Match matches any (RFC 5839 section 5.2).
[[nodiscard]] inline Parsed<std::string_view> parse_entity_tag(std::string_view value) {
  return parse_single_token(value);
}

// Priority: RFC 3261 section 20.26. `other` is any other token; it is treated as normal.
enum class Priority : std::uint8_t { other, emergency, urgent, normal, non_urgent };
Parsed<Priority> parse_priority(std::string_view value);

// The methods that are in the list of names.def.
class Methods {
 public:
  void add(Method method) { bits_ |= bit(method); }
  [[nodiscard]] bool has(Method method) const { return (bits_ & bit(method)) != 0; }
  [[nodiscard]] bool empty() const { return bits_ == 0; }
  friend bool operator==(const Methods&, const Methods&) = default;

 private:
  static constexpr std::uint32_t bit(Method method) { return 1U << static_cast<unsigned>(method); }
  std::uint32_t bits_ = 0;  // bit 0: some method is not in the list
};

// What Allow says, all header fields together; has(Method::unknown): others too. Malformed elements
// add nothing.
[[nodiscard]] Methods allowed_methods(const Message& message);

}  // namespace sipring
