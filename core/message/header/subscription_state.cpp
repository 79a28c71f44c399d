// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/detail/spelling.h>
#include <sipring/core/message/header/subscription_state.h>

#include <array>
#include <utility>

namespace sipring {
namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, 4> states{"", "active", "pending", "terminated"};
constexpr std::array<std::string_view, 9> state_reasons{
    "", "", "deactivated", "probation", "rejected", "timeout", "giveup", "noresource", "invariant"};
static_assert(std::to_underlying(SubscriptionState::State::terminated) == states.size() - 1);
static_assert(std::to_underlying(SubscriptionState::Reason::invariant) == state_reasons.size() - 1);

bool take_state(SubscriptionState& state, const Parameter& parameter) {
  if (detail::is(parameter, "reason")) return detail::take_token(state.reason_name, parameter);
  if (detail::is(parameter, "expires")) return detail::take_seconds(state.expires, parameter);
  if (detail::is(parameter, "retry-after"))
    return detail::take_seconds(state.retry_after, parameter);
  return true;
}

}  // namespace

Parsed<SubscriptionState> parse_subscription_state(std::string_view value) {
  const auto read = detail::read_whole(value, detail::ValueHead::token);
  if (!read) return std::unexpected{read.error()};
  SubscriptionState head;
  head.state_name = read->head;
  head.state = detail::enum_from<SubscriptionState::State>(states, read->head);
  head.parameters = read->parameters;
  head.forgiven = read->forgiven;
  auto state = detail::with_parameters(head, value, take_state);
  if (!state || state->reason_name.empty()) return state;
  const auto reason =
      detail::enum_from<SubscriptionState::Reason>(state_reasons, state->reason_name);
  state->reason =
      reason == SubscriptionState::Reason::none ? SubscriptionState::Reason::other : reason;
  return state;
}

std::string_view to_string(SubscriptionState::State state) {
  return states[std::to_underlying(state)];
}
std::string_view to_string(SubscriptionState::Reason reason) {
  return state_reasons[std::to_underlying(reason)];
}

}  // namespace sipring
