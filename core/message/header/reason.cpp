// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/reason.h>

#include <sipring/core/message/detail/known_parameter.h>

namespace sipring {
namespace {

constexpr detail::Known<Reason> of_reason[] = {
    {"cause", detail::number<&Reason::cause>},
    {"text", detail::quoted_value<&Reason::text>},
};

}  // namespace

Parsed<Reason> parse_reason(std::string_view value) {
  return detail::read_header(value, detail::Head::token, &Reason::protocol, of_reason);
}

}  // namespace sipring
