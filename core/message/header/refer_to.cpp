// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/refer_to.h>

#include <sipring/core/message/detail/address_element.h>
#include <sipring/core/message/uri_parts.h>

namespace sipring {
namespace {

bool take_content_id(ReferredBy& header, const Parameter& given, std::uint32_t offset) {
  const std::string_view id = detail::without_quotes(given.value);
  return detail::matches(detail::ValueRule::content_id, id) &&
         detail::quoted_value<&ReferredBy::content_id>(header, given, offset);
}

constexpr detail::Known<ReferredBy> of_referred_by[] = {{"cid", take_content_id}};

}  // namespace

Parsed<ReferTo> parse_refer_to(std::string_view value) {
  Parsed<ReferTo> refer_to =
      detail::alone(detail::read_address<ReferTo>(value, detail::Brackets::optional, {}), value);
  if (!refer_to) return refer_to;
  refer_to->method = uri_parameter(refer_to->uri, "method").value_or("");
  refer_to->replaces = uri_header(refer_to->uri, "Replaces").value_or("");
  return refer_to;
}

Parsed<ReferredBy> parse_referred_by(std::string_view value) {
  return detail::alone(
      detail::read_address<ReferredBy>(value, detail::Brackets::optional, of_referred_by), value);
}

}  // namespace sipring
