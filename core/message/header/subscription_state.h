// Subscription-State: RFC 6665 sections 8.2.3, 4.1.3. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

struct SubscriptionState {
  enum class State : std::uint8_t { other, active, pending, terminated };
  enum class Reason : std::uint8_t {
    none,  // no reason is given
    other,
    deactivated,
    probation,
    rejected,
    timeout,
    giveup,
    noresource,
    invariant,
  };

  State state = State::other;
  Reason reason = Reason::none;
  std::string_view state_name;
  std::string_view reason_name;              // empty when absent
  std::optional<std::uint32_t> expires;      // seconds; above 2^32-1 they are 2^32-1
  std::optional<std::uint32_t> retry_after;  // the same
  std::string_view parameters;
  Forgiven forgiven;
};

Parsed<SubscriptionState> parse_subscription_state(std::string_view value);

[[nodiscard]] std::string_view to_string(SubscriptionState::State state);    // "" for other
[[nodiscard]] std::string_view to_string(SubscriptionState::Reason reason);  // "" for none, other

}  // namespace sipring
