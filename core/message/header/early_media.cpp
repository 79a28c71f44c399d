// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/early_media.h>

#include <sipring/core/message/detail/known_parameter.h>

namespace sipring {
namespace {

constexpr detail::Spelled<EarlyMedia::Kind> media_kinds[] = {
    {"sendrecv", EarlyMedia::Kind::sendrecv}, {"sendonly", EarlyMedia::Kind::sendonly},
    {"recvonly", EarlyMedia::Kind::recvonly}, {"inactive", EarlyMedia::Kind::inactive},
    {"gated", EarlyMedia::Kind::gated},       {"supported", EarlyMedia::Kind::supported},
};

}  // namespace

Parsed<EarlyMedia> parse_early_media(std::string_view value) {
  const Parsed<detail::Element> element = detail::read_element(value, detail::Head::token);
  if (!element) return std::unexpected(element.error());
  if (!element->parameters.empty())
    return detail::refusal(ParseErrorCode::field_value,
                           static_cast<std::size_t>(element->parameters.data() - value.data()));
  return EarlyMedia{detail::word_from(media_kinds, element->head, EarlyMedia::Kind::other),
                    element->head, element->length};
}

}  // namespace sipring
