// Events, subscriptions and published states; INFO packages.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/event.h>
#include <sipring/core/message/header/info_package.h>
#include <sipring/core/message/header/refer_sub.h>
#include <sipring/core/message/header/subscription_state.h>
#include <sipring/core/message/header/token.h>

namespace sipring::app::typed {
namespace {

TypedValue event(const EventType& event) {
  TypedValue typed;
  put(typed, "package", event.package);
  put(typed, "type", event.type == event.package ? std::string_view() : event.type);
  put(typed, "id", event.id);
  put(typed, "parameters", event.parameters);
  return typed;
}

TypedValue subscription_state(const SubscriptionState& state) {
  TypedValue typed;
  put(typed, "state", state.state_name);
  put(typed, "reason", state.reason_name);
  put(typed, "expires", state.expires);
  put(typed, "retry-after", state.retry_after);
  return typed;
}

TypedValue refer_sub(const ReferSub& refer_sub) {
  return {{"subscription", refer_sub.subscribe ? "wanted" : "not wanted"}};
}

TypedValue package(const InfoPackage& package) {
  TypedValue typed;
  put(typed, "package", package.name);
  put(typed, "parameters", package.parameters);
  return typed;
}

TypedValue entity_tag(std::string_view tag) {
  return {{"entity-tag", std::string(tag)}};
}

constexpr Row event_rows[] = {
    {HeaderId::event, one<parse_event, event>},
    {HeaderId::info_package, one<parse_info_package, package>},
    {HeaderId::recv_info, list<parse_recv_info, package>},
    {HeaderId::refer_sub, one<parse_refer_sub, refer_sub>},
    {HeaderId::sip_etag, one<parse_entity_tag, entity_tag>},
    {HeaderId::sip_if_match, one<parse_entity_tag, entity_tag>},
    {HeaderId::subscription_state, one<parse_subscription_state, subscription_state>},
    {HeaderId::suppress_if_match, one<parse_entity_tag, entity_tag>},
};

}  // namespace

std::span<const Row> events() {
  return event_rows;
}

}  // namespace sipring::app::typed
