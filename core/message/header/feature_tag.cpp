// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/feature_tag.h>

#include <sipring/core/message/detail/known_parameter.h>

#include <algorithm>

namespace sipring {
namespace {

constexpr std::string_view base_tags[] = {
    "audio",       "automata", "class",    "duplex",  "data",    "control",     "mobility",
    "description", "events",   "priority", "methods", "schemes", "application", "video",
    "language",    "type",     "isfocus",  "actor",   "text",    "extensions"};

}  // namespace

bool is_feature_tag(std::string_view name) {
  if (!detail::matches(detail::ValueRule::feature_tag, name)) return false;
  return name.front() == '+' || std::ranges::any_of(base_tags, [&](std::string_view tag) {
           return detail::equals_ignoring_case(tag, name);
         });
}

std::optional<std::string_view> feature_tag(std::string_view parameters, std::string_view name) {
  const std::optional<std::string_view> value = parameter(parameters, name);
  if (!value) return std::nullopt;
  return detail::without_quotes(*value);
}

bool has_tag_value(std::string_view value, std::string_view wanted) {
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t comma = std::min(value.find(',', at), value.size());
    if (detail::equals_ignoring_case(value.substr(at, comma - at), wanted)) return true;
    at = comma + 1;
  }
  return false;
}

}  // namespace sipring
