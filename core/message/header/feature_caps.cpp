// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/feature_caps.h>

#include <sipring/core/message/detail/known_parameter.h>
#include <sipring/core/message/header/feature_tag.h>

namespace sipring {

Parsed<FeatureCaps> parse_feature_caps(std::string_view value) {
  const Parsed<detail::Element> element = detail::read_element(value, detail::Head::star);
  if (!element) return std::unexpected(element.error());
  for (const Parameter& each : Parameters(element->parameters))
    if (each.name.front() != '+' || !is_feature_tag(each.name))
      return detail::refusal(ParseErrorCode::parameter,
                             static_cast<std::size_t>(each.name.data() - value.data()));
  return FeatureCaps{element->parameters, element->length, element->forgiven};
}

}  // namespace sipring
