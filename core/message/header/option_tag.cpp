// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/spelling.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/option_tag.h>
#include <sipring/core/message/header/token.h>

#include <array>
#include <cstddef>

namespace sipring {
namespace {

constexpr std::array spellings{
    std::string_view{},
#define SIPRING_OPTION_TAG(id, text) std::string_view{text},
#include <sipring/core/message/header/option_tags.def>
#undef SIPRING_OPTION_TAG
};
static_assert(spellings.size() == static_cast<std::size_t>(OptionTag::count));

}  // namespace

OptionTag option_tag_from(std::string_view text) {
  return detail::enum_from<OptionTag>(spellings, text);
}

std::string_view to_string(OptionTag tag) {
  return tag < OptionTag::count ? spellings[std::to_underlying(tag)] : std::string_view{};
}

OptionTags option_tags(const Message& message, HeaderId id) {
  OptionTags tags;
  for (const Parsed<Token>& token : elements<parse_token>(message, id))
    if (token) tags.add(option_tag_from(token->text));
  return tags;
}

bool has_option_tag(const Message& message, HeaderId id, std::string_view tag) {
  for (const Parsed<Token>& token : elements<parse_token>(message, id))
    if (token && detail::equals_ignoring_case(token->text, tag)) return true;
  return false;
}

}  // namespace sipring
