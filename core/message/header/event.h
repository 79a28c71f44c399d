// Event: RFC 6665 section 8.2.1. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <string_view>

namespace sipring {

struct EventType {
  std::string_view type;        // package and templates: "presence.winfo"; compared with case
  std::string_view package;     // "presence"
  std::string_view id;          // empty when absent; quotes stay, for it is compared and sent back
  std::string_view parameters;  // from the first ';'
  Forgiven forgiven = {};
};

Parsed<EventType> parse_event(std::string_view value);

// Whether a NOTIFY's Event belongs to the subscription: type and id are equal, octet by octet;
// other parameters do not count (section 8.2.1).
[[nodiscard]] inline bool same_subscription(const EventType& a, const EventType& b) {
  return a.type == b.type && a.id == b.id;
}

}  // namespace sipring
