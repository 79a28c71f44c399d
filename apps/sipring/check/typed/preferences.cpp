// What a caller or callee wants: privacy, priorities, features.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/caller_preferences.h>
#include <sipring/core/message/header/feature_caps.h>
#include <sipring/core/message/header/privacy.h>
#include <sipring/core/message/header/resource_priority.h>
#include <sipring/core/message/header/token.h>

#include <iterator>

namespace sipring::app::typed {
namespace {

TypedValue preference(const ContactPreference& preference) {
  TypedValue typed;
  put(typed, "features", preference.parameters);
  put_flag(typed, "require", preference.require);
  put_flag(typed, "explicit", preference.explicit_match);
  return typed;
}

TypedValue feature_caps(const FeatureCaps& caps) {
  TypedValue typed;
  put(typed, "features", caps.parameters);
  return typed;
}

TypedValue privacy(const Privacy& privacy) {
  constexpr std::string_view names[] = {"header",   "session", "user",    "none",
                                        "critical", "id",      "history", "others"};
  TypedValue typed;
  std::string kinds;
  for (std::size_t kind = 0; kind < std::size(names); ++kind) {
    if (!privacy.has(static_cast<PrivacyKind>(kind))) continue;
    if (!kinds.empty()) kinds += ' ';
    kinds += names[kind];
  }
  put(typed, "kinds", kinds);
  return typed;
}

TypedValue resource(const ResourcePriority& resource) {
  TypedValue typed;
  put(typed, "namespace", resource.name_space);
  put(typed, "priority", resource.priority);
  return typed;
}

TypedValue priority(Priority priority) {
  constexpr const char* names[] = {"normal: it is not in the registry", "emergency", "urgent",
                                   "normal", "non-urgent"};
  return {{"priority", names[static_cast<std::size_t>(priority)]}};
}

constexpr Row preference_rows[] = {
    {HeaderId::accept_contact, list<parse_accept_contact, preference>},
    {HeaderId::accept_resource_priority, list<parse_accept_resource_priority, resource>},
    {HeaderId::feature_caps, list<parse_feature_caps, feature_caps>},
    {HeaderId::priority, one<parse_priority, priority>},
    {HeaderId::privacy, one<parse_privacy, privacy>},
    {HeaderId::reject_contact, list<parse_reject_contact, preference>},
    {HeaderId::resource_priority, list<parse_resource_priority, resource>},
};

}  // namespace

std::span<const Row> preferences() {
  return preference_rows;
}

}  // namespace sipring::app::typed
