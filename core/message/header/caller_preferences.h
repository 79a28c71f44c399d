// Caller preferences: Accept-Contact, Reject-Contact and Request-Disposition (RFC 3841 sections
// 9.1, 9.2, 10). Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// A set of features, RFC 3840 feature-params among `parameters`: Parameters() walks them, their
// values keep their quotes.
struct ContactPreference {
  std::string_view parameters;
  bool require = false;         // Accept-Contact only
  bool explicit_match = false;  // Accept-Contact only: "explicit"
  std::uint32_t length = 0;     // octets up to the comma before the next one, or all of them
  Forgiven forgiven = {};
};
Parsed<ContactPreference> parse_accept_contact(std::string_view value);
Parsed<ContactPreference> parse_reject_contact(std::string_view value);

enum class Directive : std::uint8_t {
  other,
  proxy,
  redirect,
  cancel,
  no_cancel,
  fork,
  no_fork,
  recurse,
  no_recurse,
  parallel,
  sequential,
  queue,
  no_queue,
};
// Of an element of Request-Disposition, which parse_token reads.
[[nodiscard]] Directive directive_from(std::string_view token);
[[nodiscard]] std::string_view to_string(Directive directive);  // "no-fork"; "" for other

class Directives {
 public:
  void add(Directive directive) { bits_ = static_cast<std::uint16_t>(bits_ | bit(directive)); }
  [[nodiscard]] bool has(Directive directive) const { return (bits_ & bit(directive)) != 0; }

 private:
  static constexpr unsigned bit(Directive directive) {
    return 1U << static_cast<unsigned>(directive);
  }
  std::uint16_t bits_ = 0;
};
// What Request-Disposition says, all header fields together. Malformed elements add nothing.
[[nodiscard]] Directives request_disposition(const Message& message);

}  // namespace sipring
